using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace StreamFlow.Cli.Bench.Measuring;

/// <summary>What a result was measured on; every result carries it.</summary>
internal static class Machine
{
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {Cpu()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
        + $"{(GCSettings.IsServerGC ? "server" : "workstation")} GC, load {Load()}");

    private static string Cpu() =>
        ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string Load() => ReadLines("/proc/loadavg").FirstOrDefault()?.Split(' ')[0] ?? "unknown";

    private static IEnumerable<string> ReadLines(string path) => File.Exists(path) ? File.ReadLines(path) : [];
}
