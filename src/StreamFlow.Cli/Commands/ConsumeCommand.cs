using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Commands;

/// <summary><c>consume TOPIC</c>: records to lines.</summary>
internal static class ConsumeCommand
{
    private static readonly Argument<string> Topic = new("TOPIC") { Description = "The topic." };
    private static readonly Option<string> From = new("-o")
    {
        Description = "Where to begin: beginning, end, an offset, -N (the last N of each partition) or @TIME.", HelpName = "OFFSET",
        DefaultValueFactory = _ => "end",
    };

    private static readonly Option<long?> Count = new("-n") { Description = "Ends after so many records.", HelpName = "COUNT" };
    private static readonly Option<bool> ExitAtEnd = new("-e") { Description = "Ends at the end of the topic." };
    private static readonly Option<string?> Group = new(
        "-g") { Description = "Reads as a member of this group and commits.", HelpName = "GROUP" };
    private static readonly Option<int?> Partition = new("--partition", "-p") { Description = "This partition only." };
    private static readonly Option<string?> Format = new(
        "-f") { Description = "kcat's format: %t %p %o %k %s %T %h, \\n \\t.", HelpName = "FORMAT" };
    private static readonly Option<IsolationLevel> Isolation = new("--isolation")
    {
        Description = "read_uncommitted or read_committed.",
        CustomParser = result => result.Tokens[0].Value switch
        {
            "read_committed" => IsolationLevel.ReadCommitted,
            "read_uncommitted" => IsolationLevel.ReadUncommitted,
            var other => throw new UsageException($"--isolation {other}: expected read_uncommitted or read_committed"),
        },
    };

    public static Command Create()
    {
        var command = new Command(
            "consume", "Prints the records of a topic. Example: streamflow consume greetings -o beginning -e -f '%k %s\\n'")
        {
            Topic, From, Count, ExitAtEnd, Group, Partition, Format, Isolation,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        var options = ConsumerOptions.FromProperties(GlobalOptions.ClientPropertiesOf(parsed)) with
        {
            GroupId = parsed.GetValue(Group),
            EnableAutoCommit = parsed.GetValue(Group) is not null,
            IsolationLevel = parsed.GetValue(Isolation),
            AutoOffsetReset = parsed.GetValue(From) == "beginning" ? AutoOffsetReset.Earliest : AutoOffsetReset.Latest,
        };
        await using var consumer = cluster.CreateConsumer(options);
        var topic = parsed.GetRequiredValue(Topic);
        var ends = new Dictionary<TopicPartition, long>();
        if (options.GroupId is not null)
        {
            consumer.Subscribe([topic]);
        }
        else
        {
            await AssignAsync(parsed, cluster, consumer, topic, ends, cancellation);
        }

        await PrintAsync(parsed, consumer, ends, cancellation);
        return ExitCodes.Done;
    }

    private static async Task AssignAsync(
        ParseResult parsed,
        ICluster cluster,
        IConsumer consumer,
        string topic,
        Dictionary<TopicPartition, long> ends,
        CancellationToken cancellation)
    {
        var all = await consumer.PartitionsForAsync(topic, cancellation);
        var wanted = all.Select(p => new TopicPartition(topic, p.Partition))
            .Where(p => parsed.GetValue(Partition) is not { } only || p.Partition == only).ToArray();
        if (wanted.Length == 0)
        {
            throw new UsageException($"--partition {parsed.GetValue(Partition)}: {topic} has {all.Count} partitions, from 0");
        }

        consumer.Assign(wanted);
        foreach (var (partition, end) in await consumer.EndOffsetsAsync(wanted, cancellation))
        {
            ends[partition] = end;
        }

        var first = await consumer.BeginningOffsetsAsync(wanted, cancellation);
        var starts = await StartsAsync(parsed.GetRequiredValue(From), cluster, wanted, first, ends, cancellation);
        foreach (var partition in wanted)
        {
            consumer.Seek(partition, starts[partition]);
            if (starts[partition] >= ends[partition])
            {
                ends.Remove(partition);
            }
        }
    }

    private static async Task<IReadOnlyDictionary<TopicPartition, long>> StartsAsync(
        string from,
        ICluster cluster,
        TopicPartition[] partitions,
        IReadOnlyDictionary<TopicPartition, long> first,
        Dictionary<TopicPartition, long> ends,
        CancellationToken cancellation)
    {
        if (from is ['@', .. var time])
        {
            var spec = OffsetSpec.ForTimestamp(Times.Parse("-o", time));
            var found = await cluster.Admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => spec), cancellationToken: cancellation);
            return partitions.ToDictionary(p => p, p => found.TryGetValue(p, out var f) && f.Offset >= 0 ? f.Offset : ends[p]);
        }

        long? number = long.TryParse(from, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;
        return partitions.ToDictionary(p => p, p => from switch
        {
            "beginning" => first[p],
            "end" => ends[p],
            _ when number is < 0 => Math.Max(ends[p] + number.Value, first[p]),
            _ when number is not null => number.Value,
            _ => throw new UsageException($"-o {from}: expected beginning, end, OFFSET, -N or @TIME"),
        });
    }

    private static async Task PrintAsync(
        ParseResult parsed, IConsumer consumer, Dictionary<TopicPartition, long> ends, CancellationToken cancellation)
    {
        using var printer = RecordPrinter.For(parsed.GetValue(GlobalOptions.Output), parsed.GetValue(Format));
        var remaining = parsed.GetValue(Count) ?? long.MaxValue;
        var exitAtEnd = parsed.GetValue(ExitAtEnd);
        var byHand = parsed.GetValue(Group) is null;
        await using var stdout = Console.OpenStandardOutput();
        while (remaining > 0 && !(exitAtEnd && byHand && ends.Count == 0))
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromMilliseconds(200), cancellation);
            if (batch is null)
            {
                if (exitAtEnd && !byHand && consumer.Assignment.Count > 0
                    && consumer.Assignment.All(p => consumer.Position(p) >= consumer.EndOffset(p)))
                {
                    return;
                }

                AdvanceEnds(consumer, ends);
                continue;
            }

            while (remaining > 0 && batch.TryRead(out var record))
            {
                printer.Add(batch.Partition, record);
                remaining--;
            }

            await printer.FlushAsync(stdout, cancellation);
            AdvanceEnds(consumer, ends);
        }
    }

    // Transaction markers and aborted records move the position without a batch being handed out, so the position decides.
    private static void AdvanceEnds(IConsumer consumer, Dictionary<TopicPartition, long> ends)
    {
        foreach (var (partition, end) in ends)
        {
            if (consumer.Position(partition) >= end)
            {
                ends.Remove(partition);
            }
        }
    }
}
