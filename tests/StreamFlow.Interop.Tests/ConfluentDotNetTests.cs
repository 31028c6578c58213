using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Confluent.Kafka 1.9.3 over the system's librdkafka, as a program of its own.</summary>
[Trait("Category", "Interop")]
public sealed class ConfluentDotNetTests
{
    [TheoryOnLibrdkafka]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Records_go_to_a_new_topic_and_back_in_a_group_that_commits(string codec)
    {
        await using var broker = await InteropBroker.StartAsync(1);

        var run = await RunAsync("exchange", broker, "300", "--compression", codec);

        Assert.Equal("exchanged 300, read again 0", run);
    }

    [FactOnLibrdkafka]
    public async Task Aborted_transactions_are_not_seen()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");

        var run = await RunAsync("transactions", broker, "40");

        Assert.Equal("committed 0 1 2 3 4 5 6 7 8 9 20 21 22 23 24 25 26 27 28 29", run);
    }

    private static async Task<string> RunAsync(string word, InteropBroker broker, string records, params string[] more)
    {
        var run = await ChildProcess.RunAsync(
            "dotnet",
            [
                Places.Output("StreamFlow.Peers.Confluent", "StreamFlow.Peers.Confluent.dll"), word, "--cluster", broker.Address,
                "--topic", "t", "--records", records, .. more,
            ]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return run.Output;
    }
}
