using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>What administrators do with Kafka's command-line tools, against our broker.</summary>
[Trait("Category", "Interop")]
public sealed class KafkaAdminToolsTests
{
    [FactOnKafka]
    public async Task Topics_grow_lose_records_and_go()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        await OurClient.WriteAsync(broker.Address, "t", "none", OurClient.Lines("a", 10));
        var upTo = Path.Combine(broker.Directory, "delete.json");
        await File.WriteAllTextAsync(upTo, """{"partitions":[{"topic":"t","partition":0,"offset":5}],"version":1}""");

        var deleted = await AskAsync(broker, "delete-records", "--offset-json-file", upTo);
        var first = await AskAsync(broker, "get-offsets", "--topic", "t", "--time", "-2");
        var directories = await AskAsync(broker, "log-dirs", "--describe", "--topic-list", "t");
        await AskAsync(broker, "topics", "--alter", "--topic", "t", "--partitions", "3");
        var described = await AskAsync(broker, "topics", "--describe", "--topic", "t");
        await AskAsync(broker, "topics", "--delete", "--topic", "t");
        var left = await AskAsync(broker, "topics", "--list", "--exclude-internal");

        Assert.Contains("low_watermark: 5", deleted, StringComparison.Ordinal);
        Assert.Contains("t:0:5", first, StringComparison.Ordinal);
        Assert.Contains("\"partition\":\"t-0\"", directories, StringComparison.Ordinal);
        Assert.Contains("PartitionCount: 3", described, StringComparison.Ordinal);
        Assert.DoesNotContain("t", left.Split('\n'));
    }

    [FactOnKafka]
    public async Task Groups_are_reset_and_deleted()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");

        var written = await AskAsync(broker, "verifiable-producer", "--topic", "t", "--max-messages", "30");
        var read = await AskAsync(broker, "verifiable-consumer", "--topic", "t", "--group-id", "g", "--max-messages", "30");
        var reset = await AskAsync(broker, "consumer-groups", "--group", "g", "--reset-offsets", "--to-offset", "7", "--topic", "t", "--execute");
        var described = await AskAsync(broker, "consumer-groups", "--describe", "--group", "g");
        var deleted = await AskAsync(broker, "consumer-groups", "--delete", "--group", "g");
        var left = await AskAsync(broker, "consumer-groups", "--list");

        Assert.Contains("\"acked\":30", written, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"offsets_committed\"", read, StringComparison.Ordinal);
        Assert.Matches(@"g\s+t\s+0\s+7", reset);
        Assert.Matches(@"g\s+t\s+0\s+(\S+\s+)?7\s+30\s+23", described);
        Assert.Contains("successful", deleted, StringComparison.Ordinal);
        Assert.DoesNotContain("g", left.Split('\n'));
    }

    [FactOnKafka]
    public async Task Performance_tools_and_transactions_run()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");

        var produced = await AskAsync(
            broker, "producer-perf", "--topic", "t", "--num-records", "500", "--record-size", "100", "--throughput", "-1",
            "--transactional-id", "tx", "--transaction-duration-ms", "50");
        var consumed = await AskAsync(broker, "consumer-perf", "--topic", "t", "--num-records", "400");
        var listed = await AskAsync(broker, "transactions", "list");
        var described = await AskAsync(broker, "transactions", "describe", "--transactional-id", "tx");
        var producers = await AskAsync(broker, "transactions", "describe-producers", "--topic", "t", "--partition", "0");

        Assert.Contains("500 records sent", produced, StringComparison.Ordinal);
        Assert.Contains("rebalance.time.ms", consumed, StringComparison.Ordinal);
        Assert.Matches(@"tx\s+\d+\s+\d+\s+CompleteCommit", listed);
        Assert.Contains("CompleteCommit", described, StringComparison.Ordinal);
        Assert.Contains("ProducerId", producers, StringComparison.Ordinal);
    }

    [FactOnKafka]
    public async Task Settings_and_ACLs_are_changed()
    {
        await using var broker = await InteropBroker.StartWithAsync(
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS");

        await AskAsync(broker, "topics", "--create", "--topic", "t");
        await AskAsync(
            broker, "configs", "--alter", "--entity-type", "topics", "--entity-name", "t", "--add-config", "retention.ms=5000");
        await AskAsync(
            broker, "configs", "--alter", "--entity-type", "brokers", "--entity-default", "--add-config", "log.retention.ms=60000");
        var topic = await AskAsync(broker, "configs", "--describe", "--entity-type", "topics", "--entity-name", "t");
        var brokers = await AskAsync(broker, "configs", "--describe", "--entity-type", "brokers", "--entity-default");
        await AskAsync(broker, "acls", "--add", "--allow-principal", "User:bob", "--operation", "Read", "--topic", "t");
        var acls = await AskAsync(broker, "acls", "--list");
        await AskAsync(
            broker, "acls", "--remove", "--allow-principal", "User:bob", "--operation", "Read", "--topic", "t", "--force");
        var left = await AskAsync(broker, "acls", "--list");

        Assert.Contains("retention.ms=5000", topic, StringComparison.Ordinal);
        Assert.Contains("log.retention.ms=60000", brokers, StringComparison.Ordinal);
        Assert.Contains("principal=User:bob", acls, StringComparison.Ordinal);
        Assert.DoesNotContain("User:bob", left, StringComparison.Ordinal);
    }

    [FactOnKafka]
    public async Task The_cluster_is_described()
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");

        await AskAsync(broker, "leader-election", "--election-type", "preferred", "--all-topic-partitions");
        var features = await AskAsync(broker, "features", "describe");
        var quorum = await AskAsync(broker, "metadata-quorum", "describe", "--status");
        var replication = await AskAsync(broker, "metadata-quorum", "describe", "--replication");
        var versions = await AskAsync(broker, "broker-api-versions");

        Assert.Matches(@"transaction\.version.*FinalizedVersionLevel: 2", features);
        Assert.Contains("LeaderId:", quorum, StringComparison.Ordinal);
        Assert.Contains("Leader", replication, StringComparison.Ordinal);
        Assert.Contains("Produce(0):", versions, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(InteropBroker broker, string tool, params string[] arguments)
    {
        var run = await KafkaNode.ToolAsync(tool, ["--bootstrap-server", broker.Address, .. arguments]);
        Assert.True(run.ExitCode == 0, $"{tool} ended with {run.ExitCode}: {run.Output}{run.Errors}");
        return run.Output;
    }
}
