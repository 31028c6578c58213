using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
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
    private readonly Lock _gate = new();
    private TransactionShard[]? _shards;

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
        var shard = await ShardOfAsync(transactionalId).ConfigureAwait(false);
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
        var shard = await ShardOfAsync(transactionalId).ConfigureAwait(false);
        var (error, _) = await shard.StepAsync(
            transactionalId,
            (current, now) => TransactionRules.AddPartitions(current, producerId, producerEpoch, partitions, now)).ConfigureAwait(false);
        return error;
    }

    public async ValueTask<ErrorCode> EndAsync(string transactionalId, long producerId, short producerEpoch, bool isCommit)
    {
        var shard = await ShardOfAsync(transactionalId).ConfigureAwait(false);
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
        var shard = await ShardOfAsync(transactionalId).ConfigureAwait(false);
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
    public TransactionMetadata? Find(string transactionalId)
    {
        var shards = Volatile.Read(ref _shards);
        return shards?[CoordinatorHash.PartitionFor(transactionalId, shards.Length)].Find(transactionalId);
    }

    /// <summary>The states of all transactional ids.</summary>
    public IEnumerable<TransactionMetadata> All() => (Volatile.Read(ref _shards) ?? []).SelectMany(s => s.All());

    /// <summary>Makes the topic when it does not exist yet, so that a coordinator can be named.</summary>
    public async ValueTask EnsureTopicAsync() => await ShardsAsync().ConfigureAwait(false);

    /// <summary>Loads the states when the topic exists and finishes what was decided; called once at the start.</summary>
    public void LoadIfPresent()
    {
        if (topics.TryGet(TopicImage.TransactionState) is not { } partitions)
        {
            return;
        }

        foreach (var shard in Load(partitions))
        {
            shard.FinishDecided();
        }
    }

    /// <summary>Aborts transactions that have been open for too long, and forgets ids that nobody uses.</summary>
    public async Task AbortTimedOutAsync()
    {
        foreach (var shard in Volatile.Read(ref _shards) ?? [])
        {
            var now = clock.NowMs;
            foreach (var state in shard.All())
            {
                if (!TransactionRules.IsTimedOut(state, now))
                {
                    continue;
                }

                LogTimedOut(state.TransactionalId, state.TimeoutMs);
                await shard.StepAsync(state.TransactionalId, static (current, at) =>
                    current is not null && TransactionRules.IsTimedOut(current, at)
                        ? TransactionStep.To(TransactionRules.FenceAndAbort(current, at))
                        : TransactionStep.Unchanged).ConfigureAwait(false);
            }

            shard.Expire(options.TransactionalIdExpirationMs);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in Volatile.Read(ref _shards) ?? [])
        {
            shard.Dispose();
        }
    }

    private async ValueTask<TransactionShard> ShardOfAsync(string transactionalId)
    {
        var shards = await ShardsAsync().ConfigureAwait(false);
        return shards[CoordinatorHash.PartitionFor(transactionalId, shards.Length)];
    }

    private async ValueTask<TransactionShard[]> ShardsAsync() => Volatile.Read(ref _shards)
        ?? Load(await topics.GetOrCreateAsync(TopicImage.TransactionState, options.TransactionTopicNumPartitions).ConfigureAwait(false));

    private TransactionShard[] Load(Partition[] partitions)
    {
        lock (_gate)
        {
            if (_shards is not null)
            {
                return _shards;
            }

            var shards = Array.ConvertAll(partitions, p => new TransactionShard(p, markers, clock, logger));
            foreach (var shard in shards)
            {
                shard.Replay();
            }

            Volatile.Write(ref _shards, shards);
            return shards;
        }
    }

    [LoggerMessage(EventIds.TransactionTimedOut, LogLevel.Information,
        "Transaction {TransactionalId} was open longer than its timeout of {TimeoutMs} ms and is aborted")]
    private partial void LogTimedOut(string transactionalId, int timeoutMs);
}
