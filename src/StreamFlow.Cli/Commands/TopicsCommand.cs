using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Commands;

/// <summary><c>topics …</c>: looks at topics and changes them.</summary>
internal static class TopicsCommand
{
    private static readonly Argument<string[]> Names = new(
        "NAME") { Description = "Topics; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Argument<string> Name = new("NAME") { Description = "The topic." };

    public static Command Create(
        ) => new("topics", "Lists, describes, creates, alters and deletes topics. Example: topics create orders --partitions 4")
    {
        List(), Describe(), CreateTopic(), Alter(), Delete(), Offsets(),
    };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Internal topics too." };
        var command = new Command("list", "Names of the topics. Example: topics list") { all };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var topics = await cluster.Admin.ListTopicsAsync(parsed.GetValue(all), cancellation);
            RowOutput.Write(parsed, ["topic"], topics.Order(StringComparer.Ordinal).Select(t => new object?[] { t }));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Describe()
    {
        var command = new Command("describe", "Partitions of topics with leader and replicas. Example: topics describe orders") { Names };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var described = await cluster.Admin.DescribeTopicsAsync(await NamesOrAllAsync(parsed, cluster, cancellation), cancellation);
            var rows =
                from topic in described.Values.OrderBy(t => t.Name, StringComparer.Ordinal)
                from partition in topic.Partitions
                select new object?[]
                {
                    topic.Name, partition.Partition, partition.Leader, partition.Replicas, partition.InSyncReplicas, topic.TopicId,
                };
            RowOutput.Write(parsed, ["topic", "partition", "leader", "replicas", "isr", "topicId"], rows);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateTopic()
    {
        var partitions = new Option<int>(
            "--partitions") { Description = "Number of partitions; -1 is the broker's default.", DefaultValueFactory = _ => -1 };
        var replicas = new Option<short>(
            "--replication-factor") { Description = "Copies; -1 is the broker's default.", DefaultValueFactory = _ => -1 };
        var configs = new Option<string[]>(
            "--topic-config") { Description = "A topic config; repeatable.", HelpName = "K=V", AllowMultipleArgumentsPerToken = false };
        var ifNotExists = new Option<bool>("--if-not-exists") { Description = "An existing topic is no error." };
        var command = new Command(
            "create", "Creates a topic. Example: topics create orders --partitions 4 --topic-config retention.ms=3600000")
        {
            Name, partitions, replicas, configs, ifNotExists,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(Name);
            TopicName.Check(name);
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var topic = new NewTopic(name, parsed.GetValue(
                partitions), parsed.GetValue(replicas), KeyValues.Parse("--topic-config", parsed.GetValue(configs)));
            await cluster.Admin.CreateTopicsAsync([topic], parsed.GetValue(ifNotExists), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Alter()
    {
        var partitions = new Option<int?>("--partitions") { Description = "New number of partitions; it can only grow." };
        var configs = new Option<string[]>(
            "--topic-config")
        {
            Description = "A topic config; K= takes it back to the default.", HelpName = "K=V", AllowMultipleArgumentsPerToken = false,
        };
        var command = new Command(
            "alter", "Adds partitions or changes configs. Example: topics alter orders --partitions 8") { Name, partitions, configs };
        command.Runs(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(Name);
            var changes = KeyValues.Parse("--topic-config", parsed.GetValue(configs));
            if (parsed.GetValue(partitions) is null && changes.Count == 0)
            {
                throw new UsageException("topics alter: give --partitions or --topic-config");
            }

            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            if (parsed.GetValue(partitions) is { } count)
            {
                await cluster.Admin.CreatePartitionsAsync(new Dictionary<string, int> { [name] = count }, cancellation);
            }

            if (changes.Count > 0)
            {
                await cluster.Admin.AlterConfigsAsync(new ConfigResource(
                    ConfigResourceType.Topic, name), ConfigsCommand.Changes(changes), cancellation);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Delete()
    {
        var names = new Argument<string[]>("NAME") { Description = "The topics.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("delete", "Deletes topics with all their records. Example: topics delete orders") { names };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            await cluster.Admin.DeleteTopicsAsync(parsed.GetRequiredValue(names), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Offsets()
    {
        var command = new Command("offsets", "First and end offset of each partition. Example: topics offsets orders") { Names };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var described = await cluster.Admin.DescribeTopicsAsync(await NamesOrAllAsync(parsed, cluster, cancellation), cancellation);
            var partitions = described.Values.SelectMany(t => t.Partitions.Select(p => new TopicPartition(
                t.Name, p.Partition))).Order().ToArray();
            var first = await cluster.Admin.ListOffsetsAsync(partitions.ToDictionary(
                p => p, _ => OffsetSpec.Earliest), cancellationToken: cancellation);
            var end = await cluster.Admin.ListOffsetsAsync(partitions.ToDictionary(
                p => p, _ => OffsetSpec.Latest), cancellationToken: cancellation);
            RowOutput.Write(
                parsed,
                ["topic", "partition", "start", "end", "records"],
                partitions.Select(
                    p => new object?[] { p.Topic, p.Partition, first[p].Offset, end[p].Offset, end[p].Offset - first[p].Offset }));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<string>> NamesOrAllAsync(ParseResult parsed, ICluster cluster, CancellationToken cancellation)
    {
        var names = parsed.GetValue(Names) ?? [];
        return names.Length > 0 ? names : await cluster.Admin.ListTopicsAsync(includeInternal: false, cancellation);
    }
}
