using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Administration;

/// <summary>The admin calls about transactions.</summary>
internal sealed class TransactionAdmin(AdminCalls calls)
{
    private static readonly TimeSpan TakeOverTimeout = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<TransactionListing>> ListAsync(CancellationToken cancellationToken)
    {
        var answers = await calls.AllAsync(
            new ListTransactionsRequest(),
            a => a.ErrorCode == ErrorCode.None ? null : new BrokerException(a.ErrorCode, "list transactions"),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. answers.SelectMany(
                a => a.TransactionStates).Select(t => new TransactionListing(t.TransactionalId, t.ProducerId, t.TransactionState))
                .OrderBy(t => t.TransactionalId, StringComparer.Ordinal),
        ];
    }

    public async Task<Dictionary<string, TransactionDescription>> DescribeAsync(
        IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var result = new Dictionary<string, TransactionDescription>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            var answer = await calls.CoordinatorAsync(
                CoordinatorKind.Transaction,
                id,
                new DescribeTransactionsRequest { TransactionalIds = [id] },
                a => a.TransactionStates[0].ErrorCode == ErrorCode.TransactionalIdNotFound
                    ? ErrorCode.None
                    : a.TransactionStates[0].ErrorCode,
                $"describe transactional id '{id}'",
                cancellationToken).ConfigureAwait(false);
            var state = answer.TransactionStates[0];
            if (state.ErrorCode == ErrorCode.None)
            {
                result[id] = ToDescription(state);
            }
        }

        return result;
    }

    public Task AbortAsync(string id, CancellationToken cancellationToken) => calls.CoordinatorAsync(
        CoordinatorKind.Transaction,
        id,
        new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = (int)TakeOverTimeout.TotalMilliseconds },
        a => a.ErrorCode,
        $"take over transactional id '{id}' to abort its transaction",
        cancellationToken);

    private static TransactionDescription ToDescription(DescribeTransactionsResponse.TransactionListing state) => new(
        state.TransactionalId,
        state.TransactionState,
        state.ProducerId,
        state.ProducerEpoch,
        TimeSpan.FromMilliseconds(state.TransactionTimeoutMs),
        state.TransactionStartTimeMs,
        [.. state.Topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p)))]);
}
