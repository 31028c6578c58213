using StreamFlow.Core.Errors;
using StreamFlow.Protocol;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>Sends exchanges to both brokers and keeps what they answered differently.</summary>
internal sealed class Comparison(WireClient toOurs, WireClient toKafka)
{
    private const int MostLines = 30;

    /// <summary>Every exchange there is.</summary>
    public static IEnumerable<Exchange> Exchanges =>
        TopicExchanges.All().Concat(DataExchanges.All()).Concat(AdminExchanges.All());

    /// <summary>The exchanges answered differently, each with the lines that only one broker has.</summary>
    public List<(Exchange Exchange, string Text)> Differences { get; } = [];

    /// <summary>The words in which errors were told by both, for people.</summary>
    public List<string> Messages { get; } = [];

    public async Task RunAsync(Exchange exchange)
    {
        // An acks=0 request has no answer: whether the connection stays open says what became of it.
        var theirs = await AskAsync(exchange, toKafka);
        var ours = await AskAsync(exchange, toOurs);
        var (theirLines, ourLines) = (ResponseText.Of(theirs), ResponseText.Of(ours));
        var missing = theirLines.Except(ourLines, StringComparer.Ordinal).Where(l => !KnownDifferences.IsKnown(l)).ToList();
        var added = ourLines.Except(theirLines, StringComparer.Ordinal).Where(l => !KnownDifferences.IsKnown(l)).ToList();
        if (missing.Count + added.Count > 0)
        {
            Differences.Add((exchange, $"{exchange}\n  Kafka: {Shown(missing)}\n  ours:  {Shown(added)}"));
        }

        Messages.Add($"{exchange}\n  Kafka says: {ResponseText.Messages(theirs)}\n  we say:     {ResponseText.Messages(ours)}");
    }

    private static string Shown(List<string> lines) =>
        string.Join("\n         ", lines.Count > MostLines ? [.. lines.Take(MostLines), $"and {lines.Count - MostLines} more"] : lines);

    private static async Task<IResponse?> AskAsync(Exchange exchange, WireClient client)
    {
        try
        {
            return await client.SendAsync(exchange.Request(), exchange.Version);
        }
        catch (ProtocolException e)
        {
            throw new InvalidOperationException($"{exchange}: {e.Message}", e);
        }
    }
}
