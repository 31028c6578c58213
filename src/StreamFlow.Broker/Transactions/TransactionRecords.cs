using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Transactions;

/// <summary>The records of <c>__transaction_state</c>, in Kafka's layout.</summary>
internal static class TransactionRecords
{
    // 1: tagged fields, for transactions that end with a new epoch (KIP-890).
    private const short Version = 1;
    private const short NewEpochVersion = 2;

    public static void Append(RecordBatchBuilder batch, TransactionMetadata state)
    {
        var value = new TransactionLogValue
        {
            ProducerId = state.ProducerId,
            PreviousProducerId = state.PreviousProducerId,
            NextProducerId = state.NextProducerId,
            ClientTransactionVersion = state.EndedWithNewEpoch ? NewEpochVersion : (short)0,
            ProducerEpoch = state.ProducerEpoch,
            TransactionTimeoutMs = state.TimeoutMs,
            TransactionStatus = (sbyte)state.Status,
            TransactionLastUpdateTimestampMs = state.LastUpdateTimestamp,
            TransactionStartTimestampMs = state.StartTimestamp,
            TransactionPartitions = state.Status == TransactionStatus.Empty ? null : PartitionsOf(state),
        };
        batch.Append(
            state.LastUpdateTimestamp, true, Key(state.TransactionalId), true, VersionedBytes.Write(value, Version), Headers.Empty);
    }

    public static void AppendTombstone(RecordBatchBuilder batch, string transactionalId, long now) =>
        batch.Append(now, true, Key(transactionalId), false, default, Headers.Empty);

    /// <summary>The transactional id of a record, or null when the record is of another kind.</summary>
    public static string? TransactionalId(ReadOnlySpan<byte> key)
    {
        var bytes = key.ToArray();
        return VersionedBytes.ReadRecordType(bytes) == 0 ? VersionedBytes.ReadKey<TransactionLogKey>(bytes).TransactionalId : null;
    }

    public static TransactionMetadata Read(string transactionalId, ReadOnlySpan<byte> bytes)
    {
        var value = VersionedBytes.Read<TransactionLogValue>(bytes.ToArray());
        return new TransactionMetadata
        {
            TransactionalId = transactionalId,
            ProducerId = value.ProducerId,
            PreviousProducerId = value.PreviousProducerId,
            NextProducerId = value.NextProducerId,
            EndedWithNewEpoch = value.ClientTransactionVersion >= NewEpochVersion,
            ProducerEpoch = value.ProducerEpoch,
            TimeoutMs = value.TransactionTimeoutMs,
            Status = (TransactionStatus)value.TransactionStatus,
            Partitions = [.. (value.TransactionPartitions ?? []).SelectMany(
                t => t.PartitionIds.Select(p => new TopicPartition(t.Topic, p)))],
            StartTimestamp = value.TransactionStartTimestampMs,
            LastUpdateTimestamp = value.TransactionLastUpdateTimestampMs,
        };
    }

    private static byte[] Key(string transactionalId) =>
        VersionedBytes.WriteKey(new TransactionLogKey { TransactionalId = transactionalId });

    private static List<TransactionLogValue.PartitionsSchema> PartitionsOf(TransactionMetadata state) =>
    [
        .. state.Partitions.GroupBy(p => p.Topic, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
            new TransactionLogValue.PartitionsSchema { Topic = g.Key, PartitionIds = [.. g.Select(p => p.Partition).Order()] }),
    ];
}
