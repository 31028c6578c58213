using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Producing;

/// <summary>What becomes of batches: they were written, are sent again, are split, or are lost. Thread safe.</summary>
internal sealed class BatchOutcomes(
    ClientContext context, MetadataCache metadata, ProducerOptions options, Accumulator accumulator, TransactionManager transactions)
{
    private bool _needsIdentity = options.HasProducerId && !transactions.IsTransactional;

    /// <summary>Whether batches wait for another producer id: there is none yet, or the sequence of the last one has a gap.</summary>
    public bool NeedsIdentity
    {
        get => Volatile.Read(ref _needsIdentity);
        set => Volatile.Write(ref _needsIdentity, value);
    }

    /// <summary>Does what the answer says of each batch.</summary>
    public void Sort(ProduceExchange exchange, ProduceResponse response)
    {
        for (; exchange.Settled < exchange.Batches.Count; exchange.Settled++)
        {
            var batch = exchange.Batches[exchange.Settled];
            var partition = batch.Queue.Partition;
            var answer = AnswerTo(partition, response);
            if (options.Acks == Acks.None)
            {
                Succeeded(batch, -1, -1);
            }
            else if (answer is null)
            {
                Failed(batch, new ProtocolException($"the answer to a produce request lacks {partition}"));
            }
            else if (answer.ErrorCode is ErrorCode.None or ErrorCode.DuplicateSequenceNumber)
            {
                Succeeded(batch, answer.BaseOffset, answer.LogAppendTimeMs);
            }
            else
            {
                Failed(batch, new BrokerException(answer.ErrorCode, $"produce to {partition}", answer.ErrorMessage));
            }
        }
    }

    /// <summary>The request has failed: its batches are sent again where that may help.</summary>
    public void Failed(ProduceExchange exchange, StreamFlowException error)
    {
        metadata.RequestRefresh();
        for (; exchange.Settled < exchange.Batches.Count; exchange.Settled++)
        {
            Failed(exchange.Batches[exchange.Settled], error);
        }
    }

    /// <summary>Loses the batches of which nothing is known yet.</summary>
    public void GiveUpUnanswered(ProduceExchange exchange, StreamFlowException error)
    {
        for (; exchange.Settled < exchange.Batches.Count; exchange.Settled++)
        {
            var batch = exchange.Batches[exchange.Settled];
            bool isOpen;
            lock (batch.Queue.Gate)
            {
                isOpen = batch.Queue.IsInFlight(batch);
            }

            if (isOpen)
            {
                GiveUp(batch, error);
            }
        }
    }

    /// <summary>Loses a batch that is in flight.</summary>
    public void GiveUp(ProducerBatch batch, StreamFlowException error)
    {
        lock (batch.Queue.Gate)
        {
            batch.Queue.Done(batch);
        }

        Lose(batch, error);
    }

    /// <summary>Loses the batches of a partition that have waited too long.</summary>
    public void FailExpired(PartitionQueue queue, long now)
    {
        List<ProducerBatch> expired;
        lock (queue.Gate)
        {
            expired = queue.RemoveExpired(now - (long)(options.DeliveryTimeout.TotalSeconds * context.Clock.TimestampFrequency));
        }

        foreach (var batch in expired)
        {
            Lose(batch, new BrokerException(
                ErrorCode.RequestTimedOut, $"produce to {queue.Partition}",
                    $"not delivered within {options.DeliveryTimeout.TotalSeconds:0.#} s: no leader is known"));
        }
    }

    /// <summary>Loses all batches that are not in flight.</summary>
    public void DropAll(StreamFlowException reason)
    {
        foreach (var queue in accumulator.AllQueues)
        {
            Drop(queue, reason);
        }
    }

    /// <summary>Loses the batches of a partition that are not in flight.</summary>
    public void Drop(PartitionQueue queue, StreamFlowException reason)
    {
        List<ProducerBatch> batches;
        lock (queue.Gate)
        {
            batches = queue.RemoveAll();
        }

        foreach (var batch in batches)
        {
            Lose(batch, reason);
        }
    }

    private static ProduceResponse.PartitionProduceResponse? AnswerTo(TopicPartition partition, ProduceResponse response)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var answer in topic.PartitionResponses)
            {
                if (answer.Index == partition.Partition && topic.Name == partition.Topic)
                {
                    return answer;
                }
            }
        }

        return null;
    }

    private void Succeeded(ProducerBatch batch, long baseOffset, long appendTime)
    {
        lock (batch.Queue.Gate)
        {
            batch.Queue.Acknowledge(batch);
        }

        accumulator.Complete(batch, baseOffset, appendTime, null);
    }

    private void Failed(ProducerBatch batch, StreamFlowException error)
    {
        var code = (error as BrokerException)?.ErrorCode;
        if (code == ErrorCode.MessageTooLarge && batch.RecordCount > 1 && transactions.SendBarrier is null)
        {
            lock (batch.Queue.Gate)
            {
                accumulator.Split(batch);
            }

            return;
        }

        var hasTime = context.Clock.GetElapsedTime(batch.CreatedAt) < options.DeliveryTimeout;
        if (hasTime && transactions.SendBarrier is null && (error.IsRetriable || IsCuredByRetry(batch, code)))
        {
            if (code is not null && code != ErrorCode.CorruptMessage)
            {
                metadata.RequestRefresh();
            }

            lock (batch.Queue.Gate)
            {
                batch.RetryAt = context.Clock.GetTimestamp()
                    + (long)(context.Backoff.DelayOf(batch.Attempts++).TotalSeconds * context.Clock.TimestampFrequency);
                batch.Queue.Retry(batch);
                accumulator.Activate(batch.Queue);
            }

            return;
        }

        GiveUp(batch, error);
    }

    /// <summary>
    /// Errors about the producer's sequence. Behind an older batch that is sent again a gap is expected; otherwise a producer without
    /// transactions begins anew with another id, and one with transactions has to abort.
    /// </summary>
    private bool IsCuredByRetry(ProducerBatch batch, ErrorCode? code)
    {
        if (code is not (ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch))
        {
            return false;
        }

        lock (batch.Queue.Gate)
        {
            if (code == ErrorCode.OutOfOrderSequenceNumber && batch.Queue.IsBehindRetry(batch))
            {
                return true;
            }
        }

        if (transactions.IsTransactional)
        {
            return false;
        }

        NeedsIdentity = true;
        return true;
    }

    private void Lose(ProducerBatch batch, StreamFlowException error)
    {
        if (transactions.IsTransactional)
        {
            transactions.BatchFailed(error, mayHaveGap: batch.BaseSequence >= 0);
        }
        else if (batch.BaseSequence >= 0)
        {
            // The sequence after this batch would have a gap.
            NeedsIdentity = true;
        }

        accumulator.Complete(batch, -1, -1, error);
    }
}
