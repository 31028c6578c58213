using System.CommandLine;
using System.Globalization;
using System.Text;
using StreamFlow.Cli.DeadLetters;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Commands;

/// <summary><c>dlq list|show|replay TOPIC</c>: records that could not be processed.</summary>
internal static class DlqCommand
{
    private static readonly Argument<string> Topic = new("TOPIC") { Description = "The dead-letter topic." };

    private static readonly Option<int> Limit = new("-n")
    {
        Description = "The most letters, the newest of each partition.", HelpName = "COUNT", DefaultValueFactory = _ => 100,
    };

    public static Command Create() =>
        new("dlq", "Looks at dead letters and puts them back after a fix. Example: dlq list my-app-dead-letters")
        {
            List(), Show(), Replay(),
        };

    private static Command List()
    {
        var command = new Command("list", "One line a letter: where it came from and the error. Example: dlq list dead") { Topic, Limit };
        command.Runs(async (parsed, cancellation) =>
        {
            var letters = await ReadAsync(parsed, cancellation);
            RowOutput.Write(
                parsed,
                ["partition", "offset", "time", "source", "exception", "message"],
                letters.Select(l => new object?[]
                {
                    l.Partition.Partition, l.Offset, TimeOf(l), l.Source, l.Exception, l.Message?.ReplaceLineEndings(" "),
                }));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var partition = new Option<int>("--partition") { Description = "Its partition.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var offset = new Option<long?>("--offset") { Description = "Its offset; the newest letters without it.", HelpName = "OFFSET" };
        var command = new Command("show", "Letters with key, value, headers and stack. Example: dlq show dead --offset 12")
        {
            Topic, partition, offset, Limit,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var letters = await ReadAsync(parsed, cancellation);
            if (parsed.GetValue(offset) is { } wanted)
            {
                letters = letters.Where(l => l.Offset == wanted && l.Partition.Partition == parsed.GetValue(partition)).ToList();
                if (letters.Count == 0)
                {
                    throw new UsageException(
                        $"{parsed.GetValue(Topic)}-{parsed.GetValue(partition)} has no letter at offset {wanted} among its newest " +
                        $"{parsed.GetValue(Limit)}; see: streamflow dlq list {parsed.GetValue(Topic)}");
                }
            }

            letters.ForEach(l => Print(parsed, l));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Replay()
    {
        var to = new Option<string?>("--to") { Description = "Another topic than the one each letter came from.", HelpName = "TOPIC" };
        var command = new Command(
            "replay",
            "Puts letters back into the topics they came from, each once: those of earlier replays are left out. Example: dlq replay dead")
        {
            Topic, to,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var counts = await DeadLetterReplay.RunAsync(
                cluster, parsed.GetRequiredValue(Topic), parsed.GetValue(to), cancellation);
            RowOutput.Write(parsed, ["topic", "replayed"], counts.Select(c => new object?[] { c.Key, c.Value }));
            await Console.Error.WriteLineAsync($"replayed {counts.Values.Sum()} records");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The newest letters of each partition, in the order of their times.</summary>
    private static async Task<List<DeadLetter>> ReadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        var newest = new Dictionary<int, Queue<DeadLetter>>();
        await foreach (var letters in DeadLetterReader.ReadAsync(cluster, parsed.GetRequiredValue(Topic), null, cancellation))
        {
            foreach (var letter in letters)
            {
                var partition = letter.Partition.Partition;
                var queue = newest.TryGetValue(partition, out var known) ? known : newest[partition] = new();
                queue.Enqueue(letter);
                if (queue.Count > parsed.GetValue(Limit))
                {
                    queue.Dequeue();
                }
            }
        }

        return [.. newest.Values.SelectMany(q => q).OrderBy(l => l.Timestamp).ThenBy(l => l.Partition.Partition).ThenBy(l => l.Offset)];
    }

    private static void Print(ParseResult parsed, DeadLetter letter)
    {
        string?[] row =
        [
            $"{letter.Partition}@{letter.Offset}", TimeOf(letter), letter.Source, letter.Exception, letter.Message,
            TextOf(letter.Key), TextOf(letter.Value),
            string.Join(", ", letter.OwnHeaders.Select(h => $"{h.Key}={TextOf(h.Value)}")), letter.Stack,
        ];
        string[] names = ["letter", "time", "source", "exception", "message", "key", "value", "headers", "stack"];
        if (parsed.GetValue(GlobalOptions.Output) == OutputFormat.Json)
        {
            RowOutput.Write(parsed, names, [row]);
            return;
        }

        foreach (var (name, text) in names.Zip(row))
        {
            Console.Out.WriteLine($"{name + ":",-10} {text}");
        }

        Console.Out.WriteLine();
    }

    private static string TimeOf(DeadLetter letter) =>
        DateTimeOffset.FromUnixTimeMilliseconds(letter.Timestamp).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string? TextOf(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
