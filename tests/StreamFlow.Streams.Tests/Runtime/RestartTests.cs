using StreamFlow.Streams.Testing;

namespace StreamFlow.Streams.Tests.Runtime;

/// <summary>
/// Whatever the kind of its stores, a task that is lost and goes on elsewhere with the state from its changelogs makes no difference.
/// </summary>
public sealed class RestartTests
{
    private const int Events = 400;
    private const int EventsPerRestart = 7;

    public static TheoryData<string> Kinds => StatefulTopologies.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Restarts_make_no_difference(string kind)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var expected = Run(kind, seed, restarts: false);
            Assert.True(expected.Count > 20, $"{kind}, seed {seed}: only {expected.Count} results");
            Assert.Equal(expected, Run(kind, seed, restarts: true));
        }
    }

    /// <summary>The first half runs on one instance, the second on another one that has nothing on its disk.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Another_instance_goes_on_with_the_state_from_changelogs(string kind)
    {
        const int Seed = 1;
        await using var fixture = new AppFixture(partitions: 1);
        var input = StatefulTopologies.Input(Events, Seed);
        foreach (var (from, to, instance) in new[] { (0, Events / 2, "a"), (Events / 2, Events, "b") })
        {
            for (var i = from; i < to; i++)
            {
                fixture.Cluster.Write("in", 0, input[i].Key, input[i].Value, input[i].Time);
            }

            var app = await fixture.StartAsync(instance, topology: StatefulTopologies.Build(kind), with: o => o with
            {
                EmitInterval = TimeSpan.Zero,
            });
            await app.WaitUntilRunningAsync();
            await fixture.EventuallyAsync(() => fixture.IsAllProcessed(app));
            await app.StopAsync();
            Assert.True(instance == "a" || app.RestoredRecords > 0, "nothing was restored");
        }

        var results = fixture.Cluster.Topics["out"][0].Records.Select(r => $"{Text(r.Key)}={Text(r.Value)}@{r.Timestamp}");
        var expected = Run(kind, Seed, restarts: false).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        Assert.Equal(LastOfKeyIfForeign(kind, expected), LastOfKeyIfForeign(kind, results));
    }

    /// <summary>The messages of a foreign-key join come from several topics: only what it ends with is certain.</summary>
    private static IEnumerable<string> LastOfKeyIfForeign(string kind, IEnumerable<string> results) => kind == "foreign-key join"
        ? results.Select(r => r.Split('@')[0]).GroupBy(r => r.Split('=')[0]).Select(g => g.Last()).Order(StringComparer.Ordinal)
        : results;

    private static string Text(byte[]? bytes) => bytes is null ? string.Empty : System.Text.Encoding.UTF8.GetString(bytes);

    private static List<string> Run(string kind, int seed, bool restarts)
    {
        using var driver = new TopologyTestDriver(StatefulTopologies.Build(kind));
        var chaos = new Random(seed);
        var input = driver.CreateInputTopic<string, string>("in");
        var output = driver.CreateOutputTopic<string, string>("out");
        var results = new List<string>();
        foreach (var (key, value, time) in StatefulTopologies.Input(Events, seed))
        {
            input.PipeInput(key, value, time);
            results.AddRange(output.ReadAll().Select(r => $"{time}: {r.Key}={r.Value}@{r.Timestamp}"));
            if (restarts && chaos.Next(EventsPerRestart) == 0)
            {
                driver.Restart();
            }
        }

        return results;
    }
}
