using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Kafka's own command-line tools against our broker and over its files.</summary>
[Trait("Category", "Interop")]
public sealed class KafkaToolsTests
{
    [TheoryOnKafka]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Dump_log_has_nothing_to_complain_about(string codec)
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        var (ours, theirs) = (OurClient.Lines("ours", 2000), OurClient.Lines("console"));
        await OurClient.WriteAsync(broker.Address, "t", codec, ours);
        var written = await ChildProcess.RunAsync(
            Places.Kafka!,
            ["tool", "console-producer", "--bootstrap-server", broker.Address, "--topic", "t", "--compression-codec", codec],
            string.Concat(theirs.Select(l => l + "\n")));
        Assert.True(written.ExitCode == 0, written.Errors);
        var read = await KafkaNode.ToolAsync(
            "console-consumer", "--bootstrap-server", broker.Address, "--topic", "t", "--from-beginning", "--max-messages", "2300");
        await broker.StopAsync();

        Assert.Equal(ours.Concat(theirs).Order(StringComparer.Ordinal), OurClient.Sorted(read));
        var dump = await DumpAsync(broker, "t-0/00000000000000000000.log", "--print-data-log");
        var batches = dump.Lines.Where(l => l.Contains("isvalid:", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(batches);
        Assert.All(batches, b => Assert.Contains("isvalid: true", b, StringComparison.Ordinal));
        Assert.Contains(batches, b => b.Contains($"compresscodec: {codec}", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(2300, dump.Lines.Count(l => l.Contains("payload:", StringComparison.Ordinal)));
    }

    [FactOnKafka]
    public async Task Dump_log_checks_indexes_producer_snapshots_and_internal_topics()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        await OurClient.WriteAsync(broker.Address, "t", "none", OurClient.Lines("ours", 20_000));
        await KafkaNode.ToolAsync(
            "console-consumer", "--bootstrap-server", broker.Address, "--topic", "t", "--from-beginning", "--max-messages", "1", "--group", "g");
        await broker.StopAsync();

        await DumpAsync(broker, "t-0/00000000000000000000.index", "--index-sanity-check");
        await DumpAsync(broker, "t-0/00000000000000000000.index");
        await DumpAsync(broker, "t-0/00000000000000000000.timeindex");
        foreach (var snapshot in Directory.EnumerateFiles(Path.Combine(broker.Directory, "t-0"), "*.snapshot"))
        {
            await DumpAsync(broker, Path.GetRelativePath(broker.Directory, snapshot));
        }

        var offsets = Directory.EnumerateDirectories(broker.Directory, "__consumer_offsets-*")
            .First(d => new FileInfo(Path.Combine(d, "00000000000000000000.log")).Length > 0);
        var group = await DumpAsync(broker, Path.GetRelativePath(broker.Directory, offsets) + "/00000000000000000000.log", "--offsets-decoder");
        Assert.Contains("\"group\":\"g\"", group.Output, StringComparison.Ordinal);
    }

    [FactOnKafka]
    public async Task Topics_groups_and_settings_are_administered()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        await OurClient.WriteAsync(broker.Address, "t", "none", ["a", "b"]);

        var created = await AskAsync(broker, "topics", "--create", "--topic", "made", "--partitions", "3", "--config", "retention.ms=1000");
        var described = await AskAsync(broker, "topics", "--describe", "--topic", "made");
        var offsets = await AskAsync(broker, "get-offsets", "--topic", "t");
        await AskAsync(broker, "console-consumer", "--topic", "t", "--from-beginning", "--max-messages", "2", "--group", "g");
        var groups = await AskAsync(broker, "consumer-groups", "--describe", "--group", "g");
        var configs = await AskAsync(broker, "configs", "--describe", "--entity-type", "topics", "--entity-name", "made");

        Assert.Contains("Created topic made", created, StringComparison.Ordinal);
        Assert.Contains("PartitionCount: 3", described, StringComparison.Ordinal);
        Assert.Contains("t:0:2", offsets, StringComparison.Ordinal);
        Assert.Contains("t ", groups, StringComparison.Ordinal);
        Assert.Contains("retention.ms=1000", configs, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(InteropBroker broker, string tool, params string[] arguments)
    {
        var run = await KafkaNode.ToolAsync(tool, ["--bootstrap-server", broker.Address, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return run.Output;
    }

    private static async Task<ChildProcess> DumpAsync(InteropBroker broker, string file, params string[] options)
    {
        var run = await KafkaNode.ToolAsync("dump-log", ["--files", Path.Combine(broker.Directory, file), .. options]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        string[] complaints = ["isvalid: false", "mismatch", "Found timestamp", "Found out of order", "not found in the log", "corrupt"];
        Assert.All(complaints, c => Assert.DoesNotContain(c, run.Output + run.Errors, StringComparison.OrdinalIgnoreCase));
        return run;
    }
}
