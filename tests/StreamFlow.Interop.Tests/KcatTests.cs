using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

[Trait("Category", "Interop")]
public sealed class KcatTests
{
    [TheoryIfTool("kcat")]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Kcat_and_our_client_read_each_other(string codec)
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        var (ours, theirs) = (OurClient.Lines("ours"), OurClient.Lines("kcat"));
        await OurClient.WriteAsync(broker.Address, "t", codec, ours);

        var written = await ChildProcess.RunAsync(
            "kcat", ["-b", broker.Address, "-P", "-t", "t", "-z", codec], string.Concat(theirs.Select(l => l + "\n")));
        var read = await ChildProcess.RunAsync("kcat", ["-b", broker.Address, "-C", "-t", "t", "-o", "beginning", "-e", "-q"]);

        Assert.True(written.ExitCode == 0, written.Errors);
        Assert.Equal(ours.Concat(theirs).Order(StringComparer.Ordinal), OurClient.Sorted(read));
        Assert.Equal(OurClient.Sorted(read), await OurClient.ReadAsync(broker.Address, "t", 600));
    }

    [FactIfTool("kcat")]
    public async Task Consumer_group_goes_on_where_it_stopped()
    {
        await using var broker = await InteropBroker.StartAsync(3, "t");
        string[] consume = ["-b", broker.Address, "-G", "g", "-X", "auto.offset.reset=earliest", "-e", "-q", "t"];

        await ChildProcess.RunAsync("kcat", ["-b", broker.Address, "-P", "-t", "t", "-K", ":"], "a:1\nb:2\nc:3\n");
        var first = await ChildProcess.RunAsync("kcat", consume);
        await ChildProcess.RunAsync("kcat", ["-b", broker.Address, "-P", "-t", "t", "-K", ":"], "d:4\n");
        var second = await ChildProcess.RunAsync("kcat", consume);

        Assert.Equal(["1", "2", "3"], OurClient.Sorted(first));
        Assert.Equal(["4"], OurClient.Sorted(second));
    }
}
