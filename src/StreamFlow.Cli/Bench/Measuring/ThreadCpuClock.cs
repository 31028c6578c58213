using System.Runtime.InteropServices;

namespace StreamFlow.Cli.Bench.Measuring;

/// <summary>CPU time of the calling thread: on shared machines it repeats where wall time does not.</summary>
internal static partial class ThreadCpuClock
{
    private const int ThreadCpuTimeId = 3;

    /// <summary>Nanoseconds of CPU, user and system, that this thread has used.</summary>
    public static long Nanoseconds
    {
        get
        {
            _ = GetTime(ThreadCpuTimeId, out var time);
            return (time.Seconds * 1_000_000_000L) + time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
