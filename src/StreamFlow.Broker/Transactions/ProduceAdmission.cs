using System.Buffers.Binary;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Transactions;

/// <summary>
/// Adds partitions to transactions as their first batches arrive, which producers rely on from Produce 12 on (KIP-890), and puts what a
/// transaction refuses in words that the producer's version knows. While one request of a producer waits for the coordinator, those
/// behind it wait too: batches have to reach their partitions in the order of their sequences.
/// </summary>
internal sealed class ProduceAdmission(TransactionCoordinator transactions)
{
    private const short FirstVersionWithAbortable = 11;
    private const short FirstVersionThatAdds = 12;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _lines = new(StringComparer.Ordinal);

    /// <summary>Has a transactional request appended, once its partitions are part of the transaction.</summary>
    /// <param name="version">The request's version.</param>
    /// <param name="request">The request, with a transactional id.</param>
    /// <param name="nameOf">The name of a topic; null when it does not exist.</param>
    /// <param name="append">
    /// Appends before it returns; what it returns may wait for the disk. It is given the answer to batches of partitions that did not
    /// become part of the transaction.
    /// </param>
    public ValueTask<ProduceResponse?> AdmitAsync(
        short version,
        ProduceRequest request,
        Func<ProduceRequest.TopicProduceData, string?> nameOf,
        Func<ErrorCode, ValueTask<ProduceResponse?>> append)
    {
        if (version < FirstVersionThatAdds)
        {
            return append(Explain(version, ErrorCode.None));
        }

        Task? before;
        TaskCompletionSource appended;
        lock (_gate)
        {
            if (!_lines.TryGetValue(request.TransactionalId!, out before) && Missing(request, nameOf) is null)
            {
                return append(Explain(version, ErrorCode.None));
            }

            appended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _lines[request.TransactionalId!] = appended.Task;
        }

        return AdmitInLineAsync(version, request, nameOf, append, before ?? Task.CompletedTask, appended);
    }

    private async ValueTask<ProduceResponse?> AdmitInLineAsync(
        short version,
        ProduceRequest request,
        Func<ProduceRequest.TopicProduceData, string?> nameOf,
        Func<ErrorCode, ValueTask<ProduceResponse?>> append,
        Task before,
        TaskCompletionSource appended)
    {
        ValueTask<ProduceResponse?> response;
        var added = ErrorCode.None;
        try
        {
            await before.ConfigureAwait(false);
            if (Missing(request, nameOf) is { } missing)
            {
                added = await transactions.AddPartitionsAsync(
                    request.TransactionalId!, missing.ProducerId, missing.Epoch, missing.Partitions).ConfigureAwait(false);
            }

            response = append(Explain(version, added));
        }
        finally
        {
            lock (_gate)
            {
                if (_lines.GetValueOrDefault(request.TransactionalId!) == appended.Task)
                {
                    _lines.Remove(request.TransactionalId!);
                }
            }

            appended.SetResult();
        }

        return await response.ConfigureAwait(false);
    }

    /// <summary>The partitions of a request that are not part of its transaction, and its producer; null when all are.</summary>
    private MissingPartitions? Missing(ProduceRequest request, Func<ProduceRequest.TopicProduceData, string?> nameOf)
    {
        MissingPartitions? missing = null;
        foreach (var topic in request.TopicData)
        {
            foreach (var data in topic.PartitionData)
            {
                if (TryReadProducer(data.Records ?? default, out var id, out var epoch) && nameOf(topic) is { } name
                    && transactions.Verify(request.TransactionalId!, id, epoch, new TopicPartition(name, data.Index))
                        == ErrorCode.InvalidTxnState)
                {
                    missing ??= new MissingPartitions(id, epoch, []);
                    missing.Partitions.Add(new TopicPartition(name, data.Index));
                }
            }
        }

        return missing;
    }

    /// <summary>What a producer is told of a batch whose partition is not part of its transaction.</summary>
    private static ErrorCode Explain(short version, ErrorCode added) => added switch
    {
        ErrorCode.ConcurrentTransactions => added,
        ErrorCode.CoordinatorNotAvailable => ErrorCode.NotEnoughReplicas,
        _ => version >= FirstVersionWithAbortable ? ErrorCode.TransactionAbortable : ErrorCode.InvalidTxnState,
    };

    private static bool TryReadProducer(ReadOnlyMemory<byte> records, out long producerId, out short epoch)
    {
        var bytes = records.Span;
        if (bytes.Length < RecordBatch.HeaderSize || (bytes[RecordBatch.AttributesPosition + 1] & RecordBatch.TransactionalMask) == 0)
        {
            (producerId, epoch) = (RecordBatch.NoProducerId, RecordBatch.NoProducerEpoch);
            return false;
        }

        producerId = BinaryPrimitives.ReadInt64BigEndian(bytes[RecordBatch.ProducerIdPosition..]);
        epoch = BinaryPrimitives.ReadInt16BigEndian(bytes[RecordBatch.ProducerEpochPosition..]);
        return true;
    }

    private sealed record MissingPartitions(long ProducerId, short Epoch, List<TopicPartition> Partitions);
}
