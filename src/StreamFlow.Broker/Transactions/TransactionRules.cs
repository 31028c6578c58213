using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Transactions;

/// <summary>
/// What each event does to a transactional id: pure functions from (state, event, now) to a <see cref="TransactionStep"/>. Writing the
/// step to the log, sending markers and waking up for timeouts are the coordinator's.
/// </summary>
internal static class TransactionRules
{
    /// <summary>A producer begins, or asks for a new epoch (KIP-360).</summary>
    /// <param name="current">The known state, or null for a new id.</param>
    /// <param name="transactionalId">The name the application chose.</param>
    /// <param name="timeoutMs">Checked against the broker's maximum by the caller.</param>
    /// <param name="producerId">What the producer believes to have, -1 when it starts.</param>
    /// <param name="producerEpoch">What the producer believes to have, -1 when it starts.</param>
    /// <param name="newProducerId">Takes a fresh producer id when one is needed.</param>
    /// <param name="now">ms.</param>
    public static TransactionStep InitProducerId(
        TransactionMetadata? current,
        string transactionalId,
        int timeoutMs,
        long producerId,
        short producerEpoch,
        Func<long> newProducerId,
        long now)
    {
        if (current is null)
        {
            // Whatever it believes to have was forgotten long ago.
            return TransactionStep.To(Fresh(transactionalId, timeoutMs, newProducerId(), now));
        }

        if (current.IsDecided)
        {
            return TransactionStep.Refuse(ErrorCode.ConcurrentTransactions);
        }

        if (producerId != RecordBatch.NoProducerId)
        {
            if (IsRetryOfBump(current, producerId, producerEpoch))
            {
                return current.Status == TransactionStatus.Empty
                    ? TransactionStep.Unchanged
                    : TransactionStep.To(current with { Status = TransactionStatus.Empty, StartTimestamp = -1, LastUpdateTimestamp = now });
            }

            if (producerId != current.ProducerId || producerEpoch != current.ProducerEpoch)
            {
                return TransactionStep.Refuse(ErrorCode.ProducerFenced);
            }
        }

        // The open transaction of the old incarnation is aborted under a new epoch; the producer asks again until that is done.
        if (current.Status == TransactionStatus.Ongoing)
        {
            return new TransactionStep(ErrorCode.ConcurrentTransactions, FenceAndAbort(current, now));
        }

        var next = Bump(current, newProducerId) with
        {
            TimeoutMs = timeoutMs,
            Status = TransactionStatus.Empty,
            Partitions = [],
            StartTimestamp = -1,
            LastUpdateTimestamp = now,
        };
        return TransactionStep.To(next);
    }

    /// <summary>The producer is about to write to partitions, or to commit offsets of a group.</summary>
    public static TransactionStep AddPartitions(
        TransactionMetadata? current, long producerId, short producerEpoch, IReadOnlyCollection<TopicPartition> partitions, long now)
    {
        var error = CheckProducer(current, producerId, producerEpoch);
        if (error != ErrorCode.None)
        {
            return TransactionStep.Refuse(error);
        }

        if (current!.IsDecided)
        {
            return TransactionStep.Refuse(ErrorCode.ConcurrentTransactions);
        }

        var isOpen = current.Status == TransactionStatus.Ongoing;
        if (isOpen && partitions.All(current.Partitions.Contains))
        {
            return TransactionStep.Unchanged;
        }

        return TransactionStep.To(current with
        {
            Status = TransactionStatus.Ongoing,
            Partitions = isOpen ? current.Partitions.Union(partitions) : [.. partitions],
            StartTimestamp = isOpen ? current.StartTimestamp : now,
            LastUpdateTimestamp = now,
        });
    }

    /// <summary>The producer wants the transaction committed or aborted.</summary>
    public static TransactionStep End(TransactionMetadata? current, long producerId, short producerEpoch, bool isCommit, long now)
    {
        var error = CheckProducer(current, producerId, producerEpoch);
        if (error != ErrorCode.None)
        {
            return TransactionStep.Refuse(error);
        }

        switch (current!.Status)
        {
            case TransactionStatus.Ongoing:
                return TransactionStep.To(current with
                {
                    Status = isCommit ? TransactionStatus.PrepareCommit : TransactionStatus.PrepareAbort,
                    EndedWithNewEpoch = false,
                    LastUpdateTimestamp = now,
                });
            case TransactionStatus.CompleteCommit when isCommit:
            case TransactionStatus.CompleteAbort when !isCommit:
                return TransactionStep.Unchanged;
            case TransactionStatus.PrepareCommit when isCommit:
            case TransactionStatus.PrepareAbort when !isCommit:
                return TransactionStep.Refuse(ErrorCode.ConcurrentTransactions);
            default:
                return TransactionStep.Refuse(ErrorCode.InvalidTxnState);
        }
    }

    /// <summary>
    /// The producer wants the transaction ended and goes on with a new epoch (KIP-890), so that nothing late of this transaction can get
    /// into the next. It may ask again with the old epoch; and it may abort what never began, to be sure that nothing is on its way.
    /// </summary>
    public static TransactionStep EndWithNewEpoch(
        TransactionMetadata? current, long producerId, short producerEpoch, bool isCommit, Func<long> newProducerId, long now)
    {
        if (current?.IsSuccessor(producerId, producerEpoch) == true)
        {
            return TransactionStep.Refuse(ErrorCode.ConcurrentTransactions);
        }

        if (current is null || (current.ProducerId != producerId && current.PreviousProducerId != producerId))
        {
            return TransactionStep.Refuse(ErrorCode.InvalidProducerIdMapping);
        }

        var isCurrent = current.ProducerId == producerId && current.ProducerEpoch == producerEpoch;
        var isRetry = (current.IsDecided || current.IsComplete) && IsEpochBefore(current, producerId, producerEpoch);
        if (!isCurrent && !isRetry)
        {
            return TransactionStep.Refuse(ErrorCode.ProducerFenced);
        }

        var wasCommit = current.Status is TransactionStatus.PrepareCommit or TransactionStatus.CompleteCommit;
        if (isRetry && wasCommit == isCommit)
        {
            return current.IsComplete ? TransactionStep.Unchanged : TransactionStep.Refuse(ErrorCode.ConcurrentTransactions);
        }

        var hasNothingToEnd = current.Status == TransactionStatus.Empty || current.IsComplete;
        if (isRetry || (current.Status != TransactionStatus.Ongoing && (isCommit || !hasNothingToEnd)))
        {
            return TransactionStep.Refuse(ErrorCode.InvalidTxnState);
        }

        // The epoch after the last one ends the transaction; the producer goes on under another id.
        var isUsedUp = current.ProducerEpoch >= TransactionMetadata.LastEpoch;
        return TransactionStep.To(current with
        {
            Status = isCommit ? TransactionStatus.PrepareCommit : TransactionStatus.PrepareAbort,
            ProducerEpoch = (short)(current.ProducerEpoch + 1),
            LastProducerEpoch = current.ProducerEpoch,
            NextProducerId = isUsedUp ? newProducerId() : RecordBatch.NoProducerId,
            EndedWithNewEpoch = true,
            Partitions = hasNothingToEnd ? [] : current.Partitions,
            StartTimestamp = hasNothingToEnd ? now : current.StartTimestamp,
            LastUpdateTimestamp = now,
        });
    }

    /// <summary>Whether a producer may write to a partition: it has to be part of its open transaction (KIP-890).</summary>
    /// <returns>INVALID_TXN_STATE when it is not, which adding the partition changes.</returns>
    public static ErrorCode Verify(TransactionMetadata? current, long producerId, short producerEpoch, TopicPartition partition)
    {
        if (current?.IsSuccessor(producerId, producerEpoch) == true)
        {
            return ErrorCode.InvalidTxnState;
        }

        if (current is null || current.ProducerId != producerId)
        {
            return ErrorCode.InvalidProducerIdMapping;
        }

        if (current.ProducerEpoch != producerEpoch)
        {
            return ErrorCode.InvalidProducerEpoch;
        }

        return current.Status == TransactionStatus.Ongoing && current.Partitions.Contains(partition)
            ? ErrorCode.None
            : ErrorCode.InvalidTxnState;
    }

    /// <summary>Every marker of a decided transaction is in its partition.</summary>
    public static TransactionMetadata Complete(TransactionMetadata decided, long now)
    {
        var complete = decided with
        {
            Status = decided.Status == TransactionStatus.PrepareCommit ? TransactionStatus.CompleteCommit : TransactionStatus.CompleteAbort,
            Partitions = [],
            LastUpdateTimestamp = now,
        };
        return decided.NextProducerId == RecordBatch.NoProducerId ? complete : complete with
        {
            ProducerId = decided.NextProducerId,
            ProducerEpoch = 0,
            PreviousProducerId = decided.ProducerId,
            NextProducerId = RecordBatch.NoProducerId,
        };
    }

    /// <summary>Whether the open transaction has outlived its timeout.</summary>
    public static bool IsTimedOut(TransactionMetadata current, long now) =>
        current.Status == TransactionStatus.Ongoing && now - current.StartTimestamp > current.TimeoutMs;

    /// <summary>Whether nobody has used the id for so long that it may be forgotten.</summary>
    public static bool IsExpired(TransactionMetadata current, long expirationMs, long now) =>
        current.Status is TransactionStatus.Empty or TransactionStatus.CompleteCommit or TransactionStatus.CompleteAbort
        && now - current.LastUpdateTimestamp > expirationMs;

    /// <summary>Aborts an open transaction under the next epoch, so that its producer can write nothing more.</summary>
    public static TransactionMetadata FenceAndAbort(TransactionMetadata ongoing, long now) => ongoing with
    {
        ProducerEpoch = (short)Math.Min(ongoing.ProducerEpoch + 1, short.MaxValue),
        LastProducerEpoch = RecordBatch.NoProducerEpoch,
        Status = TransactionStatus.PrepareAbort,
        LastUpdateTimestamp = now,
    };

    private static TransactionMetadata Fresh(string transactionalId, int timeoutMs, long producerId, long now) => new()
    {
        TransactionalId = transactionalId,
        ProducerId = producerId,
        ProducerEpoch = 0,
        TimeoutMs = timeoutMs,
        Status = TransactionStatus.Empty,
        LastUpdateTimestamp = now,
    };

    private static TransactionMetadata Bump(TransactionMetadata current, Func<long> newProducerId) =>
        current.ProducerEpoch < TransactionMetadata.LastEpoch
            ? current with { ProducerEpoch = (short)(current.ProducerEpoch + 1), LastProducerEpoch = current.ProducerEpoch }
            : current with
            {
                ProducerId = newProducerId(),
                PreviousProducerId = current.ProducerId,
                ProducerEpoch = 0,
                LastProducerEpoch = current.ProducerEpoch,
            };

    private static bool IsRetryOfBump(TransactionMetadata current, long producerId, short producerEpoch) =>
        producerEpoch == current.LastProducerEpoch
        && producerEpoch != RecordBatch.NoProducerEpoch
        && (producerId == current.ProducerId || producerId == current.PreviousProducerId)
        && (current.Status == TransactionStatus.Empty || (current.IsComplete && current.EndedWithNewEpoch));

    /// <summary>Whether a producer names the epoch that ended its transaction, which it does when it missed the answer.</summary>
    private static bool IsEpochBefore(TransactionMetadata current, long producerId, short producerEpoch) =>
        producerId == current.ProducerId
            ? producerEpoch == current.ProducerEpoch - 1
            : current.ProducerEpoch == 0 && producerEpoch == TransactionMetadata.LastEpoch;

    private static ErrorCode CheckProducer(TransactionMetadata? current, long producerId, short producerEpoch)
    {
        if (current?.IsSuccessor(producerId, producerEpoch) == true)
        {
            return ErrorCode.ConcurrentTransactions;
        }

        if (current is null || current.ProducerId != producerId)
        {
            return ErrorCode.InvalidProducerIdMapping;
        }

        return current.ProducerEpoch == producerEpoch ? ErrorCode.None : ErrorCode.ProducerFenced;
    }
}
