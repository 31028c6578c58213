using System.Globalization;
using Xunit.Abstractions;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary>How many rounds, and the random numbers that choose the moments to kill. <c>STREAMFLOW_SEED</c> repeats the choice.</summary>
internal sealed class Rounds
{
    /// <summary>In the default run.</summary>
    public const int Few = 3;

    private readonly Random _random;
    private readonly int _seed;

    public Rounds(int count, ITestOutputHelper output)
    {
        Count = count;
        _seed = ReadNumber("STREAMFLOW_SEED") ?? Random.Shared.Next();
        _random = new Random(_seed);
        output.WriteLine($"{count} rounds, STREAMFLOW_SEED={_seed}");
    }

    /// <summary>Of <c>./test crash</c>: <c>STREAMFLOW_CRASH_ROUNDS</c>, else 100.</summary>
    public static int Many => ReadNumber("STREAMFLOW_CRASH_ROUNDS") ?? 100;

    public int Count { get; }

    /// <summary>Runs the rounds; a failure tells which one it was and the seed.</summary>
    public async Task RunAsync(Func<int, Task> round)
    {
        for (var i = 1; i <= Count; i++)
        {
            try
            {
                await round(i);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"round {i} of {Count}, STREAMFLOW_SEED={_seed}: {e.Message}", e);
            }
        }
    }

    /// <summary>Waits a random time; short ones are more frequent.</summary>
    public Task PauseAsync(int mostMs) => Task.Delay((int)(mostMs * _random.NextDouble() * _random.NextDouble()));

    public int Next(int end) => _random.Next(end);

    public bool OneIn(int n) => _random.Next(n) == 0;

    /// <summary>Seeds for what goes on beside the rounds.</summary>
    public IReadOnlyList<int> Seeds(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.Next())];

    private static int? ReadNumber(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
