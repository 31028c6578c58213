namespace StreamFlow.Interop.Tests;

[Trait("Category", "Interop")]
public sealed class KafkaJsTests
{
    [TheoryOnNode]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Kafkajs_and_our_client_read_each_other(string codec)
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        var (ours, theirs) = (OurClient.Lines("ours"), OurClient.Lines("js"));
        await OurClient.WriteAsync(broker.Address, "t", codec, ours);

        var run = await Node.RunAsync("exchange.js", broker.Address, codec, "600");

        Assert.Equal(ours.Concat(theirs).Order(StringComparer.Ordinal), OurClient.Sorted(run));
        Assert.Equal(OurClient.Sorted(run), await OurClient.ReadAsync(broker.Address, "t", 600));
    }

    [FactOnNode]
    public async Task Kafkajs_commits_records_and_offsets_in_a_transaction()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");

        var run = await Node.RunAsync("transactions.js", broker.Address);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("1", run.Output);
        Assert.Equal(["committed"], await OurClient.ReadAsync(broker.Address, "t", 1));
    }
}
