using StreamFlow.Cli.Bench.Measuring;

namespace StreamFlow.Cli.Bench.Limits;

/// <summary>The least code that does one piece of physical work, to hold our stages against.</summary>
/// <param name="Name">A stable name.</param>
/// <param name="Unit">What the result counts, such as <c>ns/record</c> or <c>GB/s</c>.</param>
/// <param name="Operations">What one run does, in units of the result.</param>
/// <param name="Run">Does the work once.</param>
internal sealed record LimitKernel(string Name, string Unit, double Operations, Action Run)
{
    private const int Runs = 7;

    /// <summary>Whether wall time counts instead of CPU time of the thread: for work that waits.</summary>
    public bool WallTime { get; init; }

    /// <summary>Frees what the kernel holds.</summary>
    public Action? Cleanup { get; init; }

    /// <summary>The best of several runs, in <see cref="Unit"/>.</summary>
    public double Measure(TimeProvider clock)
    {
        Run();
        var best = long.MaxValue;
        for (var i = 0; i < Runs; i++)
        {
            var before = WallTime ? clock.GetTimestamp() : ThreadCpuClock.Nanoseconds;
            Run();
            var nanoseconds = WallTime ? (long)clock.GetElapsedTime(before).TotalNanoseconds : ThreadCpuClock.Nanoseconds - before;
            best = Math.Min(best, Math.Max(nanoseconds, 1));
        }

        Cleanup?.Invoke();
        return Unit == "GB/s" ? Operations / best : best / Operations;
    }
}
