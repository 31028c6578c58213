using System.Runtime.InteropServices;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// Appends record batches. Errors are per partition. acks=1 is answered after the append, acks=all after the flush that covers it
/// (so is acks=1 when flush.messages is reached), acks=0 never.
/// </summary>
internal sealed class ProduceHandler(
    PartitionManager partitions, MetadataLog metadata, TransactionCoordinator transactions, BrokerMetrics metrics)
    : RequestHandler<ProduceRequest, ProduceResponse>
{
    private const short NoAcks = 0;
    private const short LeaderAcks = 1;
    private const short AllAcks = -1;
    private const short FirstVersionWithTopicIds = 13;
    private const short FirstVersionOfTransactionV2 = 12;

    private readonly ProduceAdmission _admission = new(transactions);

    protected override ValueTask<ProduceResponse?> HandleAsync(RequestContext context, ProduceRequest request) =>
        request.TransactionalId is null
            ? AppendAsync(context, request, ErrorCode.InvalidTxnState)
            : AdmitAsync(context, request);

    // Apart from the above, or every request would pay for the closures.
    private ValueTask<ProduceResponse?> AdmitAsync(RequestContext context, ProduceRequest request) =>
        _admission.AdmitAsync(context.ApiVersion, request, t => NameOf(context, t).Name, u => AppendAsync(context, request, u));

    private ValueTask<ProduceResponse?> AppendAsync(RequestContext context, ProduceRequest request, ErrorCode unverified)
    {
        ProduceFlushes? flushes = null;
        var response = context.New<ProduceResponse>();
        var hasErrors = false;
        foreach (var topic in request.TopicData)
        {
            var answered = context.New<ProduceResponse.TopicProduceResponse>();
            (answered.Name, answered.TopicId) = (topic.Name, topic.TopicId);
            response.Responses.Add(answered);
            var named = NameOf(context, topic);
            foreach (var data in topic.PartitionData)
            {
                var answer = context.New<ProduceResponse.PartitionProduceResponse>();
                answer.Index = data.Index;
                answered.PartitionResponses.Add(answer);
                var partition = Append(context, request, named, unverified, data, answer);
                hasErrors |= answer.ErrorCode != ErrorCode.None;
                if (partition is not null)
                {
                    (flushes ??= context.New<ProduceFlushes>()).Add(context.New<PartitionFlush>().Of(partition, answer));
                }
            }
        }

        if (request.Acks == NoAcks)
        {
            // The producer waits for no answer; closing the connection is the only way to tell it of an error.
            context.MustClose = hasErrors;
            flushes?.Begin();
            return default;
        }

        // Connections over TCP only wake their loops when a request ends. Who appends for a transaction may hold a lock.
        var isRemote = !context.Session.IsInProcess;
        return flushes?.RunAsync(response, isRemote, isRemote && request.TransactionalId is null) ?? new(response);
    }

    private (string? Name, ErrorCode Unknown) NameOf(RequestContext context, ProduceRequest.TopicProduceData topic)
    {
        if (context.ApiVersion < FirstVersionWithTopicIds)
        {
            return (topic.Name, ErrorCode.UnknownTopicOrPartition);
        }

        return (metadata.Image.TopicsById.GetValueOrDefault(topic.TopicId)?.Name, ErrorCode.UnknownTopicId);
    }

    /// <summary>Appends to one partition and fills in the answer.</summary>
    /// <returns>The partition when it has to be made durable before the answer.</returns>
    private Partition? Append(
        RequestContext context,
        ProduceRequest request,
        (string? Name, ErrorCode Unknown) topic,
        ErrorCode unverified,
        ProduceRequest.PartitionProduceData data,
        ProduceResponse.PartitionProduceResponse answer)
    {
        answer.BaseOffset = -1;
        if (request.Acks is not (NoAcks or LeaderAcks or AllAcks))
        {
            answer.ErrorCode = ErrorCode.InvalidRequiredAcks;
            return null;
        }

        if (topic.Name is null || !partitions.TryGet(topic.Name, data.Index, out var partition))
        {
            answer.ErrorCode = topic.Unknown;
            return null;
        }

        if (TopicImage.IsInternalName(topic.Name))
        {
            answer.ErrorCode = ErrorCode.InvalidTopicException;
            answer.ErrorMessage = $"'{topic.Name}' belongs to the broker and takes no records from clients";
            return null;
        }

        var records = data.Records ?? default;
        if (context.Session.IsInProcess && records.Length >= sizeof(long))
        {
            // These are the producer's own bytes: when it sends them again, they bear the offset that they were given before.
            MemoryMarshal.AsMemory(records).Span[..sizeof(long)].Clear();
        }

        if (CheckTransaction(request.TransactionalId, partition, records) is var error && error != ErrorCode.None)
        {
            answer.ErrorCode = error == ErrorCode.InvalidTxnState ? unverified : error;
            return null;
        }

        var result = partition.Append(records, OriginOf(context, request));
        answer.ErrorCode = result.Error;
        answer.ErrorMessage = result.ErrorMessage;
        answer.BaseOffset = result.BaseOffset;
        answer.LogAppendTimeMs = result.LogAppendTime;
        answer.LogStartOffset = result.LogStartOffset;
        if (result.Error != ErrorCode.None)
        {
            NameRefused(result, answer);
            return null;
        }

        metrics.OnProduced(records.Length);
        return request.Acks == AllAcks || result.IsFlushDue ? partition : null;
    }

    private void NameRefused(in AppendResult result, ProduceResponse.PartitionProduceResponse answer)
    {
        foreach (var refused in result.RefusedRecords ?? [])
        {
            answer.RecordErrors.Add(new() { BatchIndex = refused, BatchIndexErrorMessage = result.ErrorMessage });
        }

        metrics.OnProduceRefused(result.Error);
    }

    /// <summary>From a version on the partition leader adds partitions to transactions, and each transaction has its own epoch.</summary>
    private static AppendOrigin OriginOf(RequestContext context, ProduceRequest request) =>
        request.TransactionalId is not null && context.ApiVersion >= FirstVersionOfTransactionV2
            ? AppendOrigin.EpochPerTransactionClient
            : AppendOrigin.Client;

    /// <summary>
    /// The first batch of a transaction in a partition needs the coordinator's word that the partition was added, else a late batch of
    /// a dead producer could leave a transaction open for ever (KIP-890). Later batches find it open in the log.
    /// </summary>
    private ErrorCode CheckTransaction(string? transactionalId, Partition partition, ReadOnlyMemory<byte> records)
    {
        var bytes = records.Span;
        if (bytes.Length < RecordBatch.HeaderSize)
        {
            return ErrorCode.None;
        }

        var isTransactional = (bytes[RecordBatch.AttributesPosition + 1] & RecordBatch.TransactionalMask) != 0;
        if (!isTransactional)
        {
            return ErrorCode.None;
        }

        var producerId = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes[RecordBatch.ProducerIdPosition..]);
        var epoch = System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(bytes[RecordBatch.ProducerEpochPosition..]);
        if (transactionalId is null)
        {
            return ErrorCode.TransactionalIdAuthorizationFailed;
        }

        return transactions.Verify(transactionalId, producerId, epoch, partition.Id);
    }
}
