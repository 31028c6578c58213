using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Kafka's share consumers and tools in share groups (KIP-932) at our broker.</summary>
[Trait("Category", "Interop")]
public sealed class ShareGroupTests
{
    [FactOnKafkaWithJdk]
    public async Task Consumers_share_a_partition_and_what_a_killed_one_had_goes_to_another()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        var lines = OurClient.Lines("a", 100);
        await BeginAsync(broker, lines);

        await using var holder = Start(broker.Address, 10, "hold");
        await holder.WaitForAsync("holding");
        await using var reader = Start(broker.Address, 90, "accept");
        await reader.WaitForAsync("done");
        var shared = holder.Lines.Concat(reader.Lines).Where(l => l.EndsWith(" #1", StringComparison.Ordinal)).Select(ValueOf);
        Assert.Equal(lines.Order(StringComparer.Ordinal), shared.Order(StringComparer.Ordinal));
        Assert.Matches(@"g\s+t\s+0\s+0\s+10\b", await AskAsync(broker, "share-groups", "--describe", "--group", "g"));

        var held = holder.Lines.Where(l => l.EndsWith(" #1", StringComparison.Ordinal)).Select(ValueOf).ToArray();
        await holder.KillAsync();
        await using var heir = Start(broker.Address, 10, "accept");
        await heir.WaitForAsync("done");
        Assert.Equal(held, heir.Lines.Where(l => l.EndsWith(" #2", StringComparison.Ordinal)).Select(ValueOf));
        Assert.Matches(@"g\s+t\s+0\s+100\s+0\b", await AskAsync(broker, "share-groups", "--describe", "--group", "g"));
    }

    [FactOnKafkaWithJdk]
    public async Task Group_goes_on_where_it_was_when_the_broker_was_killed()
    {
        var directory = Directory.CreateTempSubdirectory("streamflow-interop-").FullName;
        try
        {
            string[] taken;
            await using (var broker = await BrokerProcess.StartAsync(directory))
            {
                await AskAsync(broker.Address, "topics", "--create", "--topic", "t");
                await BeginAsync(broker.Address, OurClient.Lines("a", 50));
                await using var first = Start(broker.Address, 20, "accept");
                await first.WaitForAsync("done");
                await using var second = Start(broker.Address, 5, "release");
                await second.WaitForAsync("done");
                taken = [.. first.Lines.SkipLast(1).Select(ValueOf)];
                await broker.Process.KillAsync();
            }

            await using var again = await BrokerProcess.StartAsync(directory);
            await using var rest = Start(again.Address, 30, "accept");
            await rest.WaitForAsync("done");
            var all = taken.Concat(rest.Lines.SkipLast(1).Select(ValueOf)).Order(StringComparer.Ordinal);
            Assert.Equal(OurClient.Lines("a", 50).Order(StringComparer.Ordinal), all);
            Assert.Equal(5, rest.Lines.Count(l => l.EndsWith(" #2", StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [FactOnKafka]
    public async Task Group_is_described_reset_and_deleted_by_Kafkas_tools()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        await OurClient.WriteAsync(broker.Address, "t", "none", OurClient.Lines("a", 30));

        var read = await AskAsync(
            broker, "verifiable-share-consumer", "--topic", "t", "--group-id", "g", "--max-messages", "30",
            "--offset-reset-strategy", "earliest", "--acknowledgement-mode", "sync");
        Assert.Contains("\"name\":\"offsets_acknowledged\"", read, StringComparison.Ordinal);
        Assert.Matches(@"g\s+t\s+0\s+30\s+0\b", await AskAsync(broker, "share-groups", "--describe", "--group", "g"));
        Assert.Matches(@"g\s+Share\s+share", await AskAsync(broker, "groups", "--list"));

        var reset = await AskAsync(
            broker, "share-groups", "--group", "g", "--reset-offsets", "--to-earliest", "--topic", "t", "--execute");
        Assert.Matches(@"g\s+t\s+0\s+0\b", reset);
        Assert.Matches(@"g\s+t\s+0\s+0\s+30\b", await AskAsync(broker, "share-groups", "--describe", "--group", "g"));
        var again = await AskAsync(
            broker, "console-share-consumer", "--topic", "t", "--group", "g", "--max-messages", "30", "--timeout-ms", "30000");
        Assert.Equal(30, again.Split('\n').Count(l => l.StartsWith("a-", StringComparison.Ordinal)));

        Assert.Contains("Successful", await AskAsync(broker, "share-groups", "--delete-offsets", "--group", "g", "--topic", "t"),
            StringComparison.Ordinal);
        Assert.Contains("successful", await AskAsync(broker, "share-groups", "--delete", "--group", "g"), StringComparison.Ordinal);
        Assert.DoesNotContain("g", (await AskAsync(broker, "share-groups", "--list")).Split('\n'));

        await broker.StopAsync();
        var logs = Directory.GetFiles(broker.Directory, "*.log", SearchOption.AllDirectories)
            .Where(f => f.Contains("__share_group_state", StringComparison.Ordinal) && new FileInfo(f).Length > 0);
        var dump = await KafkaNode.ToolAsync("dump-log", "--files", string.Join(',', logs), "--share-group-state-decoder");
        Assert.Contains("\"deliveryCompleteCount\"", dump.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("isvalid: false", dump.Output, StringComparison.Ordinal);
    }

    private static string ValueOf(string line) => line[..line.IndexOf(' ', StringComparison.Ordinal)];

    private static Task BeginAsync(InteropBroker broker, IEnumerable<string> lines) => BeginAsync(broker.Address, lines);

    private static async Task BeginAsync(string address, IEnumerable<string> lines)
    {
        await AskAsync(
            address, "configs", "--alter", "--entity-type", "groups", "--entity-name", "g", "--add-config",
            "share.auto.offset.reset=earliest");
        await OurClient.WriteAsync(address, "t", "none", lines);
    }

    private static ChildProcess Start(string address, int count, string what)
    {
        var kit = Path.GetDirectoryName(Places.Kafka!)!;
        var script = Path.Combine(Places.Root, "tests", "StreamFlow.Interop.Tests", "Scripts", "ShareGroup.java");
        return ChildProcess.Start(
            "java",
            ["-Xmx256m", $"-Dlog4j2.configurationFile={kit}/log4j2-tool.properties", "-cp", $"{kit}/libs/*", script, address, $"{count}",
                what]);
    }

    private static Task<string> AskAsync(InteropBroker broker, string tool, params string[] arguments) =>
        AskAsync(broker.Address, tool, arguments);

    private static async Task<string> AskAsync(string address, string tool, params string[] arguments)
    {
        var run = await KafkaNode.ToolAsync(tool, ["--bootstrap-server", address, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return run.Output;
    }
}
