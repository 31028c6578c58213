using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>Sends exchanges to both brokers and keeps what they answered differently.</summary>
internal sealed class Comparison(WireClient toOurs, WireClient toKafka)
{
    private const int MostLines = 30;
    private const int MostRepetitions = 200;

    private static readonly ErrorCode[] NotYet =
    [
        ErrorCode.CoordinatorNotAvailable, ErrorCode.NotCoordinator, ErrorCode.CoordinatorLoadInProgress, ErrorCode.ConcurrentTransactions,
    ];

    private readonly Dictionary<string, IResponse> _ours = [];
    private readonly Dictionary<string, IResponse> _theirs = [];

    /// <summary>Every exchange there is.</summary>
    public static IEnumerable<Exchange> Exchanges =>
        TopicExchanges.All().Concat(DataExchanges.All()).Concat(AdminExchanges.All()).Concat(TransactionExchanges.All());

    /// <summary>The exchanges answered differently, each with the lines that only one broker has.</summary>
    public List<(Exchange Exchange, string Text)> Differences { get; } = [];

    /// <summary>The words in which errors were told by both, for people.</summary>
    public List<string> Messages { get; } = [];

    public async Task RunAsync(Exchange exchange)
    {
        // An acks=0 request has no answer: whether the connection stays open says what became of it.
        var theirs = await AskAsync(exchange, toKafka, _theirs);
        var ours = await AskAsync(exchange, toOurs, _ours);
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

    private static async Task<IResponse?> AskAsync(Exchange exchange, WireClient client, Dictionary<string, IResponse> answers)
    {
        try
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            var response = await client.SendAsync(exchange.RequestAfter(answers), exchange.Version);
            for (var i = 0; i < MostRepetitions && exchange.IsRepeated && response is not null && NotYet.Contains(ErrorOf(response)); i++)
            {
                await pause.WaitForNextTickAsync();
                response = await client.SendAsync(exchange.RequestAfter(answers), exchange.Version);
            }

            if (response is not null)
            {
                answers[exchange.Name] = response;
            }

            return response;
        }
        catch (ProtocolException e)
        {
            throw new InvalidOperationException($"{exchange}: {e.Message}", e);
        }
    }

    private static ErrorCode ErrorOf(IResponse response) => response switch
    {
        FindCoordinatorResponse found => found.Coordinators[0].ErrorCode,
        ProduceResponse produced => produced.Responses[0].PartitionResponses[0].ErrorCode,
        InitProducerIdResponse begun => begun.ErrorCode,
        EndTxnResponse ended => ended.ErrorCode,
        _ => ErrorCode.None,
    };
}
