using System.Text.RegularExpressions;
using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lists the transactional ids.</summary>
internal sealed class ListTransactionsHandler(TransactionCoordinator transactions, BrokerClock clock)
    : RequestHandler<ListTransactionsRequest, ListTransactionsResponse>
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(100);

    protected override ValueTask<ListTransactionsResponse?> HandleAsync(RequestContext context, ListTransactionsRequest request)
    {
        var response = new ListTransactionsResponse
        {
            UnknownStateFilters = [.. request.StateFilters.Where(s => !Enum.GetNames<TransactionStatus>().Contains(s))],
        };
        Regex? pattern = null;
        try
        {
            pattern = string.IsNullOrEmpty(request.TransactionalIdPattern)
                ? null
                : new Regex($@"^(?:{request.TransactionalIdPattern})\z", RegexOptions.NonBacktracking, LongestMatch);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            response.ErrorCode = ErrorCode.InvalidRegularExpression;
            return new(response);
        }

        var now = clock.NowMs;
        foreach (var state in transactions.All())
        {
            var matches = (request.StateFilters.Count == 0 || request.StateFilters.Contains(state.Status.ToString()))
                && (request.ProducerIdFilters.Count == 0 || request.ProducerIdFilters.Contains(state.ProducerId))
                && (request.DurationFilter < 0 || now - state.StartTimestamp > request.DurationFilter)
                && (pattern is null || pattern.IsMatch(state.TransactionalId));
            if (matches)
            {
                response.TransactionStates.Add(new()
                {
                    TransactionalId = state.TransactionalId,
                    ProducerId = state.ProducerId,
                    TransactionState = state.Status.ToString(),
                });
            }
        }

        return new(response);
    }
}
