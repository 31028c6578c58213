using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Misfortunes;

/// <summary>A record that no number can be read from, in a worker: to the dead-letter topic or stop, by configuration.</summary>
[Trait("Category", "E2E")]
public sealed class PoisonTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-poison-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Goes_to_the_dead_letter_topic_with_error_position_and_stack_and_comes_back_when_replayed()
    {
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));
        var c = broker.Address;
        await ChildProcess.RunStreamFlowAsync("topics", "create", "numbers", "doubles", "dead", "-c", c);
        await ProduceAsync(c, "1\nno number\n3\n");
        await using var worker = Start(
            c, "processing.exception.handler=continue", "errors.dead.letter.queue.topic.name=dead", "commit.interval.ms=50");

        Assert.Equal("2\n6", await ConsumeAsync(c, "doubles", 2));
        var letter = await ConsumeAsync(c, "dead", 1, "%s %h");

        Assert.Contains("no number", letter, StringComparison.Ordinal);
        Assert.Contains("__streams.errors.exception=System.FormatException", letter, StringComparison.Ordinal);
        Assert.Contains("__streams.errors.topic=numbers", letter, StringComparison.Ordinal);
        Assert.Contains("__streams.errors.offset=1", letter, StringComparison.Ordinal);
        Assert.Contains("Doubles", letter, StringComparison.Ordinal);
        await worker.StopAsync();

        // The repaired program would read it now: each letter goes back once, to where it came from, without the headers of its failure.
        await using var list = await ChildProcess.RunStreamFlowAsync("dlq", "list", "dead", "-c", c);
        Assert.Contains("numbers-0@1\tSystem.FormatException", list.Output, StringComparison.Ordinal);
        await using var show = await ChildProcess.RunStreamFlowAsync("dlq", "show", "dead", "--offset", "0", "-c", c);
        Assert.Contains("stack:", show.Output, StringComparison.Ordinal);
        await using var replay = await ChildProcess.RunStreamFlowAsync("dlq", "replay", "dead", "-c", c);
        Assert.Equal("numbers\t1", replay.Output);
        await using var nothing = await ChildProcess.RunStreamFlowAsync("dlq", "replay", "dead", "-c", c);
        Assert.Equal("", nothing.Output);
        Assert.Equal("1 \nno number \n3 \nno number ", await ConsumeAsync(c, "numbers", 4, "%s %h"));
    }

    [Fact]
    public async Task Stops_the_worker_and_says_where_it_is()
    {
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));
        await ChildProcess.RunStreamFlowAsync("topics", "create", "numbers", "doubles", "-c", broker.Address);
        await ProduceAsync(broker.Address, "1\nno number\n3\n");
        await using var worker = Start(broker.Address);

        Assert.Equal(1, await worker.WaitAsync());
        Assert.Contains("numbers-0", worker.Errors, StringComparison.Ordinal);
        Assert.Contains("offset 1", worker.Errors, StringComparison.Ordinal);
    }

    private static Task<ChildProcess> ProduceAsync(string cluster, string lines) =>
        ChildProcess.RunAsync("dotnet", [Places.Program, "produce", "numbers", "-c", cluster], lines);

    private static async Task<string> ConsumeAsync(string cluster, string topic, int count, string format = "%s")
    {
        await using var run = await ChildProcess.RunStreamFlowAsync(
            "consume", topic, "-c", cluster, "-o", "beginning", "-n", $"{count}", "-f", format + "\\n");
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output;
    }

    private ChildProcess Start(string cluster, params string[] settings) => ChildProcess.StreamFlow(
    [
        "worker", "-c", cluster, "--application-id", "doubling", "--state", Path.Combine(_root, "state"), "--topology",
        Places.Output("StreamFlow.Processes.Programs", "StreamFlow.Processes.Programs.dll") + ":Doubles",
        .. settings.SelectMany(s => new[] { "--set", s }),
    ]);
}
