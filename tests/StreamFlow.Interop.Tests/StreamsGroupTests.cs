using System.Globalization;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Applications of Kafka Streams that form a streams group (KIP-1071) at our broker.</summary>
[Trait("Category", "Interop")]
public sealed class StreamsGroupTests
{
    private const int Words = 40;

    [FactOnKafkaWithJdk]
    public async Task Count_is_right_when_an_instance_joins_and_another_is_killed()
    {
        await using var broker = await InteropBroker.StartAsync(
            4, ["in", "out"], "group.streams.session.timeout.ms=6000", "group.streams.heartbeat.interval.ms=500");
        var (first, second) = (Start(broker.Address, "a"), Start(broker.Address, "b"));
        await using var one = first;
        await using var two = second;
        await OurClient.WriteAsync(broker.Address, "in", "none", Round());
        await one.WaitForAsync("RUNNING");
        await two.WaitForAsync("RUNNING");
        var last = await CountsAsync(broker.Address, 50);

        var listed = await AskAsync(broker.Address, "--list");
        Assert.Contains("app", listed, StringComparison.Ordinal);
        var members = await AskAsync(broker.Address, "--describe", "--group", "app", "--members");
        Assert.Equal(2, members.Split('\n').Count(l => l.StartsWith("app ", StringComparison.Ordinal)));

        await one.KillAsync();
        await OurClient.WriteAsync(broker.Address, "in", "none", Round());
        Assert.True(last.Values.All(n => n >= 50));
        await CountsAsync(broker.Address, 100);
    }

    private static IEnumerable<string> Round() => Enumerable.Range(0, 50 * Words).Select(i => $"w{i % Words}");

    private static ChildProcess Start(string address, string name)
    {
        var kit = Path.GetDirectoryName(Places.Kafka!)!;
        var script = Path.Combine(Places.Root, "tests", "StreamFlow.Interop.Tests", "Scripts", "StreamsGroup.java");
        var state = Directory.CreateTempSubdirectory($"streamflow-streams-{name}-").FullName;
        return ChildProcess.Start(
            "java",
            ["-Xmx256m", $"-Dlog4j2.configurationFile={kit}/log4j2-tool.properties", "-cp", $"{kit}/libs/*", script, address, "app",
                state]);
    }

    /// <summary>The last count of each word, once every word has been counted that often at least.</summary>
    private static async Task<Dictionary<string, int>> CountsAsync(string address, int least)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < 60; round++)
        {
            var read = await KafkaNode.ToolAsync(
                "console-consumer", "--bootstrap-server", address, "--topic", "out", "--from-beginning", "--timeout-ms", "3000");
            foreach (var line in read.Lines)
            {
                var (word, count) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ',
                    StringComparison.Ordinal) + 1)..]);
                counts[word] = Math.Max(counts.GetValueOrDefault(word), int.Parse(count, CultureInfo.InvariantCulture));
            }

            if (counts.Count == Words && counts.Values.All(n => n >= least))
            {
                return counts;
            }
        }

        Assert.Fail($"not every word was counted {least} times: {string.Join(", ", counts.Select(c => $"{c.Key}={c.Value}"))}");
        return counts;
    }

    private static async Task<string> AskAsync(string address, params string[] arguments)
    {
        var run = await KafkaNode.ToolAsync("streams-groups", ["--bootstrap-server", address, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return run.Output;
    }
}
