using System.Diagnostics;
using System.Text.Json;
using StreamFlow.Cli.Bench.Measuring;

namespace StreamFlow.Cli.Bench.Client;

/// <summary>CPU, wall time and allocation of this process between two moments.</summary>
internal sealed class ClientMeasure
{
    private readonly TimeProvider _clock;
    private readonly long _wall;
    private readonly TimeSpan _cpu;
    private readonly long _allocated;

    private ClientMeasure(TimeProvider clock)
    {
        _clock = clock;
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
        _cpu = Cpu();
        _wall = clock.GetTimestamp();
    }

    public static ClientMeasure Start(TimeProvider clock) => new(clock);

    /// <summary>Prints one JSON line with what has passed since the start.</summary>
    public void Print(string bench, int records, int size)
    {
        var wall = _clock.GetElapsedTime(_wall).TotalSeconds;
        var cpu = (Cpu() - _cpu).TotalSeconds;
        Console.Out.WriteLine(JsonSerializer.Serialize(new
        {
            bench,
            records,
            size,
            wallSeconds = Math.Round(wall, 3),
            cpuSeconds = Math.Round(cpu, 3),
            cpuMicrosPerRecord = Math.Round(cpu * 1e6 / records, 3),
            recordsPerSecond = Math.Round(records / wall),
            bytesAllocatedPerRecord = Math.Round((double)(GC.GetTotalAllocatedBytes(precise: true) - _allocated) / records, 2),
            machine = Machine.Describe(),
        }));
    }

    private static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
