using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Commands;

/// <summary><c>groups …</c>: consumer groups and their offsets.</summary>
internal static class GroupsCommand
{
    private const string ShareProtocol = "share";

    private static readonly Argument<string> Group = new("GROUP") { Description = "The group." };

    public static Command Create(
        ) => new("groups", "Lists, describes, resets and deletes consumer groups. Example: groups describe billing")
    {
        List(), Describe(), ResetOffsets(), Delete(),
    };

    private static Command List()
    {
        var command = new Command("list", "The groups. Example: groups list");
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var groups = await cluster.Admin.ListGroupsAsync(cancellation);
            RowOutput.Write(
                parsed,
                ["group", "type", "state"],
                groups.OrderBy(g => g.GroupId, StringComparer.Ordinal).Select(g => new object?[] { g.GroupId, g.ProtocolType, g.State }));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Describe()
    {
        var command = new Command(
            "describe", "Where the group is in each partition, its lag there and who reads it. Example: groups describe billing") { Group };
        command.Runs(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(Group);
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var description = (await cluster.Admin.DescribeGroupsAsync([name], cancellation))[name];
            var owners = description.Members.SelectMany(m => m.Partitions.Select(p => (Partition: p, m.MemberId)))
                .GroupBy(o => o.Partition, o => o.MemberId).ToDictionary(o => o.Key, o => string.Join(' ', o));
            var isShare = description.ProtocolType == ShareProtocol;
            var rows = isShare
                ? await ShareRowsAsync(cluster, name, owners, cancellation)
                : await CommittedRowsAsync(cluster, name, owners, cancellation);
            await Console.Error.WriteLineAsync($"group {name}: {description.State}, {description.Members.Count} members");
            RowOutput.Write(
                parsed,
                isShare ? ["topic", "partition", "start", "lag", "member"] : ["topic", "partition", "committed", "end", "lag", "member"],
                rows);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<IEnumerable<object?[]>> CommittedRowsAsync(
        ICluster cluster, string group, Dictionary<TopicPartition, string> owners, CancellationToken cancellation)
    {
        var committed = await cluster.Admin.ListGroupOffsetsAsync(group, cancellationToken: cancellation);
        var partitions = committed.Keys.Union(owners.Keys).Order().ToArray();
        var ends = await cluster.Admin.ListOffsetsAsync(partitions.ToDictionary(
            p => p, _ => OffsetSpec.Latest), cancellationToken: cancellation);
        return partitions.Select(p =>
        {
            long? offset = committed.TryGetValue(p, out var c) ? c.Offset : null;
            return new object?[] { p.Topic, p.Partition, offset, ends[p].Offset, ends[p].Offset - offset, owners.GetValueOrDefault(p) };
        });
    }

    /// <summary>A share group commits nothing: it has a first offset that is not done with. Several members may read a partition.</summary>
    private static async Task<IEnumerable<object?[]>> ShareRowsAsync(
        ICluster cluster, string group, Dictionary<TopicPartition, string> owners, CancellationToken cancellation)
    {
        var offsets = await cluster.Admin.ListShareGroupOffsetsAsync(group, cancellation);
        return offsets.Where(o => o.Value.StartOffset is not null).Select(o => o.Key).Union(owners.Keys).Order().Select(p =>
        {
            var offset = offsets.GetValueOrDefault(p);
            return new object?[] { p.Topic, p.Partition, offset?.StartOffset, offset?.Lag, owners.GetValueOrDefault(p) };
        });
    }

    private static Command ResetOffsets()
    {
        var topic = new Option<string>("--topic") { Description = "The topic.", Required = true };
        var to = new Option<string>(
            "--to") { Description = "earliest, latest, an offset, or @TIME (ISO 8601 or ms since 1970).", Required = true };
        var execute = new Option<bool>("--execute") { Description = "Does it; without, the plan is only shown." };
        var command = new Command(
            "reset-offsets",
            "Moves a group's offsets; a dry run unless --execute. Example: groups reset-offsets billing --topic orders --to earliest")
        {
            Group, topic, to, execute,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var group = parsed.GetRequiredValue(Group);
            var name = parsed.GetRequiredValue(topic);
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var described = await cluster.Admin.DescribeTopicsAsync([name], cancellation);
            var partitions = described[name].Partitions.Select(p => new TopicPartition(name, p.Partition)).ToArray();
            var targets = await TargetsAsync(cluster, partitions, parsed.GetRequiredValue(to), cancellation);
            var committed = await cluster.Admin.ListGroupOffsetsAsync(group, partitions, cancellationToken: cancellation);
            if (parsed.GetValue(execute))
            {
                await cluster.Admin.AlterGroupOffsetsAsync(group, targets.ToDictionary(t => t.Key, t => new OffsetAndMetadata(
                    t.Value)), cancellation);
            }
            else
            {
                await Console.Error.WriteLineAsync("nothing was changed; add --execute to do this:");
            }

            RowOutput.Write(parsed, ["topic", "partition", "from", "to"], partitions.Select(p =>
                new object?[] { p.Topic, p.Partition, committed.TryGetValue(p, out var c) ? c.Offset : null, targets[p] }));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyDictionary<TopicPartition, long>> TargetsAsync(
        ICluster cluster, TopicPartition[] partitions, string to, CancellationToken cancellation)
    {
        var ends = await cluster.Admin.ListOffsetsAsync(partitions.ToDictionary(
            p => p, _ => OffsetSpec.Latest), cancellationToken: cancellation);
        if (long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return partitions.ToDictionary(p => p, p => Math.Min(offset, ends[p].Offset));
        }

        var spec = to switch
        {
            "latest" => OffsetSpec.Latest,
            "earliest" => OffsetSpec.Earliest,
            ['@', .. var time] => OffsetSpec.ForTimestamp(Times.Parse("--to", time)),
            _ => throw new UsageException($"--to {to}: expected earliest, latest, an offset or @TIME"),
        };
        var found = await cluster.Admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => spec), cancellationToken: cancellation);

        // No record at or after the time: the group goes on with what comes next.
        return partitions.ToDictionary(p => p, p => found.TryGetValue(p, out var f) && f.Offset >= 0 ? f.Offset : ends[p].Offset);
    }

    private static Command Delete()
    {
        var groups = new Argument<string[]>(
            "GROUP") { Description = "The groups; they must have no members.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("delete", "Deletes groups with their offsets. Example: groups delete billing") { groups };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            await cluster.Admin.DeleteGroupsAsync(parsed.GetRequiredValue(groups), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
