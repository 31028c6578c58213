using System.Diagnostics;
using System.Globalization;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Tests;

/// <summary>What files really take on the disk, which is not their length.</summary>
internal static class AllocatedBytes
{
    private const string Program = "/usr/bin/stat";

    /// <summary>Why room cannot be set aside here and measured, null when it can.</summary>
    public static string? Missing { get; } = Probe();

    public static long Of(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo(Program, ["-c", "%b %B", path]) { RedirectStandardOutput = true })!;
        var numbers = stat.StandardOutput.ReadToEnd().Split(' ');
        stat.WaitForExit();
        Assert.Equal(0, stat.ExitCode);
        return long.Parse(numbers[0], CultureInfo.InvariantCulture) * long.Parse(numbers[1], CultureInfo.InvariantCulture);
    }

    private static string? Probe()
    {
        if (!File.Exists(Program))
        {
            return $"needs {Program}";
        }

        var path = Path.GetTempFileName();
        try
        {
            using var file = SystemFileSystem.Instance.Open(path);
            file.Reserve(1 << 20);
            return Of(path) >= 1 << 20 ? null : $"the file system of {Path.GetTempPath()} sets no room aside (fallocate)";
        }
        finally
        {
            File.Delete(path);
        }
    }
}
