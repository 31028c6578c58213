using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Transactions;

/// <summary>
/// The coordinator of transactions: finds the shard of a transactional id, runs the rules there, aborts what has timed out. Created and
/// disposed by the broker; any thread may call.
/// </summary>
internal sealed partial class TransactionCoordinator(
    InternalTopics topics, ITransactionMarkers markers, ProducerIds producerIds, BrokerOptions options, BrokerClock clock, ILogger logger)
    : IDisposable
{
    private readonly CoordinatorShards<TransactionShard> _shards = new(
        topics, TopicImage.TransactionState, options.TransactionTopicNumPartitions, log =>
        {
            var shard = new TransactionShard(log, markers, clock, logger);
            shard.Replay();
            return shard;
        });

    /// <summary>A producer starts, or asks for a new epoch.</summary>
    /// <returns>The error, and the id and epoch to use from now on.</returns>
    public async ValueTask<(ErrorCode Error, long ProducerId, short Epoch)> InitProducerIdAsync(
        string? transactionalId, int timeoutMs, long producerId, short producerEpoch)
    {
        if (transactionalId is null)
        {
            return (ErrorCode.None, await producerIds.NextAsync().ConfigureAwait(false), 0);
        }

        if (transactionalId.Length == 0)
        {
            return (ErrorCode.InvalidRequest, RecordBatch.NoProducerId, RecordBatch.NoProducerEpoch);
        }

        if (timeoutMs <= 0 || timeoutMs > options.TransactionMaxTimeoutMs)
        {
            return (ErrorCode.InvalidTransactionTimeout, RecordBatch.NoProducerId, RecordBatch.NoProducerEpoch);
        }

        // Taken in advance, because the step that may need it runs under a lock. An unused id is no loss: there are 2^63 of them.
        var freshId = await producerIds.NextAsync().ConfigureAwait(false);
        var shard = await _shards.OfAsync(transactionalId).ConfigureAwait(false);
        var (error, state) = await shard.StepAsync(
            transactionalId,
            (current, now) =>
                TransactionRules.InitProducerId(current, transactionalId, timeoutMs, producerId, producerEpoch, () => freshId, now))
            .ConfigureAwait(false);
        return error == ErrorCode.None && state is not null
            ? (ErrorCode.None, state.ProducerId, state.ProducerEpoch)
            : (error, RecordBatch.NoProducerId, RecordBatch.NoProducerEpoch);
    }

    public async ValueTask<ErrorCode> AddPartitionsAsync(
        string transactionalId, long producerId, short producerEpoch, IReadOnlyCollection<TopicPartition> partitions)
    {
        var shard = await _shards.OfAsync(transactionalId).ConfigureAwait(false);
        var (error, _) = await shard.StepAsync(
            transactionalId,
            (current, now) => TransactionRules.AddPartitions(current, producerId, producerEpoch, partitions, now)).ConfigureAwait(false);
        return error;
    }

    public async ValueTask<ErrorCode> EndAsync(string transactionalId, long producerId, short producerEpoch, bool isCommit)
    {
        var shard = await _shards.OfAsync(transactionalId).ConfigureAwait(false);
        var (error, _) = await shard.StepAsync(
            transactionalId,
            (current, now) => TransactionRules.End(current, producerId, producerEpoch, isCommit, now)).ConfigureAwait(false);
        return error;
    }

    /// <summary>Ends a transaction and gives the producer a new epoch (KIP-890).</summary>
    /// <returns>The error, and the id and epoch to use from now on.</returns>
    public async ValueTask<(ErrorCode Error, long ProducerId, short Epoch)> EndWithNewEpochAsync(
        string transactionalId, long producerId, short producerEpoch, bool isCommit)
    {
        // Taken in advance for the reason given above, but only when the epochs are used up.
        var freshId = producerEpoch >= TransactionMetadata.LastEpoch
            ? await producerIds.NextAsync().ConfigureAwait(false)
            : RecordBatch.NoProducerId;
        var shard = await _shards.OfAsync(transactionalId).ConfigureAwait(false);
        var (error, state) = await shard.StepAsync(
            transactionalId,
            (current, now) => TransactionRules.EndWithNewEpoch(current, producerId, producerEpoch, isCommit, () => freshId, now))
            .ConfigureAwait(false);
        return error != ErrorCode.None || state is null
            ? (error, RecordBatch.NoProducerId, RecordBatch.NoProducerEpoch)
            : state.NextProducerId != RecordBatch.NoProducerId
                ? (ErrorCode.None, state.NextProducerId, (short)0)
                : (ErrorCode.None, state.ProducerId, state.ProducerEpoch);
    }

    /// <summary>Whether a producer may write to a partition: it has to be part of its open transaction (KIP-890).</summary>
    public ErrorCode Verify(string transactionalId, long producerId, short producerEpoch, TopicPartition partition) =>
        TransactionRules.Verify(Find(transactionalId), producerId, producerEpoch, partition);

    /// <summary>The state of a transactional id, or null.</summary>
    public TransactionMetadata? Find(string transactionalId) => _shards.Find(transactionalId)?.Find(transactionalId);

    /// <summary>The states of all transactional ids.</summary>
    public IEnumerable<TransactionMetadata> All() => _shards.Present.SelectMany(s => s.All());

    /// <summary>Makes the topic when it does not exist yet, so that a coordinator can be named.</summary>
    public async ValueTask EnsureTopicAsync() => await _shards.AllAsync().ConfigureAwait(false);

    /// <summary>Loads the states when the topic exists and finishes what was decided; called once at the start.</summary>
    public void LoadIfPresent()
    {
        foreach (var shard in _shards.LoadIfPresent())
        {
            shard.FinishDecided();
        }
    }

    /// <summary>Aborts transactions that have been open for too long, and forgets ids that nobody uses.</summary>
    public async Task AbortTimedOutAsync(CancellationToken stopping)
    {
        foreach (var shard in _shards.Present)
        {
            var now = clock.NowMs;
            foreach (var state in shard.All())
            {
                if (stopping.IsCancellationRequested)
                {
                    return;
                }

                if (!TransactionRules.IsTimedOut(state, now))
                {
                    continue;
                }

                LogTimedOut(state.TransactionalId, state.TimeoutMs);
                await shard.StepAsync(state.TransactionalId, static (current, at) =>
                    current is not null && TransactionRules.IsTimedOut(current, at)
                        ? TransactionStep.To(TransactionRules.FenceAndAbort(current, at))
                        : TransactionStep.Unchanged,
                    stopping).ConfigureAwait(false);
            }

            shard.Expire(options.TransactionalIdExpirationMs);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _shards.Dispose();

    [LoggerMessage(EventIds.TransactionTimedOut, LogLevel.Information,
        "Transaction {TransactionalId} was open longer than its timeout of {TimeoutMs} ms and is aborted")]
    private partial void LogTimedOut(string transactionalId, int timeoutMs);
}
