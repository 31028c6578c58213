namespace StreamFlow.Broker.Tests.Interop;

public sealed class KcatTests
{
    [TheoryIfTool("kcat")]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Kcat_reads_what_it_wrote(string codec)
    {
        await using var broker = await TestBroker.StartAsync(listen: true);
        var input = string.Concat(Enumerable.Range(1, 1000).Select(i => $"key{i}:value {i}\n"));

        var produced = await Tool.RunAsync("kcat", ["-b", broker.Address, "-P", "-t", "t", "-K", ":", "-z", codec], input);
        var consumed = await Tool.RunAsync("kcat", ["-b", broker.Address, "-C", "-t", "t", "-K", ":", "-o", "beginning", "-e", "-q"]);

        Assert.Equal(0, produced.ExitCode);
        Assert.Equal(input, consumed.Output);
    }

    [FactIfTool("kcat")]
    public async Task Consumer_group_goes_on_where_it_stopped()
    {
        await using var broker = await TestBroker.StartAsync(listen: true);
        await broker.CreateTopicAsync("t", 3);
        string[] consume = ["-b", broker.Address, "-G", "g", "-X", "auto.offset.reset=earliest", "-e", "-q", "t"];

        await Tool.RunAsync("kcat", ["-b", broker.Address, "-P", "-t", "t", "-K", ":"], "a:1\nb:2\nc:3\n");
        var first = await Tool.RunAsync("kcat", consume);
        await Tool.RunAsync("kcat", ["-b", broker.Address, "-P", "-t", "t", "-K", ":"], "d:4\n");
        var second = await Tool.RunAsync("kcat", consume);

        Assert.Equal(["1", "2", "3"], first.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Equal("4\n", second.Output);
    }
}
