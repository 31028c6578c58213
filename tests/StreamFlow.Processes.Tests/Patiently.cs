using System.Diagnostics;

namespace StreamFlow.Processes.Tests;

/// <summary>Waits for what other processes do.</summary>
internal static class Patiently
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Asks again and again until there is nothing to complain about; fails with the last complaint.</summary>
    /// <param name="complaint">What is not yet as it should be; null when all is well.</param>
    public static async Task UntilAsync(Func<Task<string?>> complaint)
    {
        var clock = Stopwatch.StartNew();
        while (await complaint() is { } wrong)
        {
            if (clock.Elapsed > Limit)
            {
                Assert.Fail($"still after {Limit.TotalSeconds} s: {wrong}");
            }

            await Task.Delay(50);
        }
    }
}
