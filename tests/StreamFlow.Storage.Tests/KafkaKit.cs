using System.Diagnostics;

namespace StreamFlow.Storage.Tests;

/// <summary>Apache Kafka beside the repository, the independent judge of the file formats. Tests are skipped where it is missing.</summary>
internal static class KafkaKit
{
    private static readonly string? Launcher = Find();

    public static bool IsMissing => Launcher is null;

    /// <summary>Runs a command of the kit and returns what it prints.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Launcher!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        var text = await output;
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {text}\n{await errors}");
        return text;
    }

    private static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var launcher = Path.Combine(directory.FullName, "shared", "kafka", "kafka");
            if (File.Exists(launcher) && Directory.Exists("/usr/lib/jvm"))
            {
                return launcher;
            }
        }

        return null;
    }
}
