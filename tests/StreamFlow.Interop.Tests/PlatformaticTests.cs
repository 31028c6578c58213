namespace StreamFlow.Interop.Tests;

/// <summary>
/// <c>@platformatic/kafka</c>. Its zstd needs a newer Node.js than 20; its snappy cannot read the frames that Java's clients and ours put around it.
/// </summary>
[Trait("Category", "Interop")]
public sealed class PlatformaticTests
{
    [TheoryOnNode]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("lz4")]
    public async Task Platformatic_and_our_client_read_each_other(string codec)
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        var (ours, theirs) = (OurClient.Lines("ours"), Enumerable.Range(0, 300).Select(i => $"platformatic-{i}"));
        await OurClient.WriteAsync(broker.Address, "t", codec, ours);

        var run = await Node.RunAsync("platformatic.mjs", broker.Address, codec, "600");

        Assert.Equal(ours.Concat(theirs).Order(StringComparer.Ordinal), OurClient.Sorted(run));
        Assert.Equal(OurClient.Sorted(run), await OurClient.ReadAsync(broker.Address, "t", 600));
    }
}
