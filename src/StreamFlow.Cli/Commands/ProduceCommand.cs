using System.CommandLine;
using System.Text;
using StreamFlow.Cli.Shell;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;

namespace StreamFlow.Cli.Commands;

/// <summary><c>produce TOPIC</c>: lines to records.</summary>
internal static class ProduceCommand
{
    private static readonly Argument<string> Topic = new("TOPIC") { Description = "The topic." };
    private static readonly Option<string?> KeySeparator = new(
        "-K") { Description = "What stands between key and value in a line.", HelpName = "SEP" };
    private static readonly Option<string[]> HeaderPairs = new("--headers")
    {
        Description = "A header of every record; repeatable.", HelpName = "K=V", AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<CompressionType> Compression = new("--compression") { Description = "none, gzip, snappy, lz4 or zstd." };
    private static readonly Option<Acks> AcksWanted = new(
        "--acks") { Description = "all, 1 (leader) or 0 (none).", DefaultValueFactory = _ => Acks.All };
    private static readonly Option<double?> Rate = new("--rate") { Description = "Records per second at most." };
    private static readonly Option<FileInfo[]> Files = new("-l") { Description = "Reads these files instead of stdin.", HelpName = "FILE" };

    public static Command Create()
    {
        AcksWanted.CustomParser = result => result.Tokens.Count == 1 ? ParseAcks(result.Tokens[0].Value) : Acks.All;
        var command = new Command(
            "produce", "Writes lines of stdin as records. Example: echo 'k:hello' | streamflow produce greetings -K :")
        {
            Topic, KeySeparator, HeaderPairs, Compression, AcksWanted, Rate, Files,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static Acks ParseAcks(string text) => text switch
    {
        "all" or "-1" => Acks.All,
        "1" or "leader" => Acks.Leader,
        "0" or "none" => Acks.None,
        _ => throw new UsageException($"--acks {text}: expected all, 1 or 0"),
    };

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var acks = parsed.GetValue(AcksWanted);
        await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        var failures = new DeliveryFailures();
        var options = ProducerOptions.FromProperties(GlobalOptions.ClientPropertiesOf(parsed)) with
        {
            Acks = acks,
            EnableIdempotence = acks == Acks.All,
            Compression = parsed.GetValue(Compression),
        };
        await using var producer = cluster.CreateProducer(options);
        var template = new ProducerRecord(parsed.GetRequiredValue(Topic), null, null) { Headers = HeadersOf(parsed) };
        var separator = parsed.GetValue(KeySeparator);
        var pace = new Pace(parsed.GetValue(Rate), cluster.Clock);
        await foreach (var line in LinesAsync(parsed, cancellation))
        {
            await pace.NextAsync(cancellation);
            failures.Watch(producer.SendAsync(Split(template, line, separator), cancellation));
        }

        await producer.FlushAsync(cancellation);
        return await failures.ThrowIfAnyAsync();
    }

    private static ProducerRecord Split(ProducerRecord template, string line, string? separator)
    {
        var at = separator is null ? -1 : line.IndexOf(separator, StringComparison.Ordinal);
        return at < 0
            ? template with { Value = Encoding.UTF8.GetBytes(line) }
            : template with { Key = Encoding.UTF8.GetBytes(line[..at]), Value = Encoding.UTF8.GetBytes(line[(at + separator!.Length)..]) };
    }

    private static Headers HeadersOf(ParseResult parsed)
    {
        var pairs = KeyValues.Parse("--headers", parsed.GetValue(HeaderPairs));
        return pairs.Count == 0 ? Headers.Empty : new Headers([.. pairs.Select(p => new Header(p.Key, Encoding.UTF8.GetBytes(p.Value)))]);
    }

    private static async IAsyncEnumerable<string> LinesAsync(
        ParseResult parsed, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var files = parsed.GetValue(Files) ?? [];
        foreach (var file in files.Length == 0 ? new FileInfo?[] { null } : files)
        {
            using var reader = file is null ? Console.In : new StreamReader(file.FullName);
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                yield return line;
            }
        }
    }
}
