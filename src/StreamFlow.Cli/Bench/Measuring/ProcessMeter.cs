using System.Diagnostics;
using System.Globalization;

namespace StreamFlow.Cli.Bench.Measuring;

/// <summary>What this process has used up to one moment.</summary>
/// <param name="Timestamp">The clock's timestamp.</param>
/// <param name="Cpu">CPU time of all threads, user and system.</param>
/// <param name="GcPause">Time that garbage collections held all threads.</param>
/// <param name="AllocatedBytes">Bytes allocated.</param>
internal sealed record ProcessMeter(long Timestamp, TimeSpan Cpu, TimeSpan GcPause, long AllocatedBytes)
{
    public static ProcessMeter Now()
    {
        using var process = Process.GetCurrentProcess();
        return new(
            TimeProvider.System.GetTimestamp(), process.TotalProcessorTime, GC.GetTotalPauseDuration(),
            GC.GetTotalAllocatedBytes(precise: false));
    }

    public double SecondsSince(ProcessMeter start) =>
        Round(TimeProvider.System.GetElapsedTime(start.Timestamp, Timestamp).TotalSeconds);

    public double CpuSecondsSince(ProcessMeter start) => Round((Cpu - start.Cpu).TotalSeconds);

    public double GcSecondsSince(ProcessMeter start) => Round((GcPause - start.GcPause).TotalSeconds);

    public static double Round(double value) => Math.Round(value, 3);

    /// <summary>The most memory the process ever had, in MiB; -1 where the system does not tell.</summary>
    public static long PeakRssMb()
    {
        const string Status = "/proc/self/status";
        var lines = File.Exists(Status) ? File.ReadLines(Status) : [];
        var line = lines.FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? -1 : long.Parse(line.Split(' ', '\t')[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
