using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Commits offsets of a group as part of a transaction; they count once it commits.</summary>
internal sealed class TxnOffsetCommitHandler(
    GroupCoordinator groups, TransactionCoordinator transactions, MetadataLog metadata, BrokerClock clock)
    : RequestHandler<TxnOffsetCommitRequest, TxnOffsetCommitResponse>
{
    private const short FirstVersionWithAbortable = 4;
    private const short FirstVersionThatAdds = 5;

    protected override async ValueTask<TxnOffsetCommitResponse?> HandleAsync(RequestContext context, TxnOffsetCommitRequest request)
    {
        var response = new TxnOffsetCommitResponse();
        var valid = new List<KeyValuePair<TopicPartition, CommittedOffset>>();
        var pending = new List<TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition>();
        var now = clock.NowMs;
        foreach (var topic in request.Topics)
        {
            var answered = new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic { Name = topic.Name };
            response.Topics.Add(answered);
            metadata.Image.Topics.TryGetValue(topic.Name, out var image);
            foreach (var partition in topic.Partitions)
            {
                var answer = new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = OffsetCommitChecks.Check(image, partition.PartitionIndex, partition.CommittedMetadata, groups.Settings),
                };
                answered.Partitions.Add(answer);
                if (answer.ErrorCode == ErrorCode.None)
                {
                    valid.Add(new(
                        new TopicPartition(topic.Name, partition.PartitionIndex),
                        new CommittedOffset(
                            partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata ?? "", now)));
                    pending.Add(answer);
                }
            }
        }

        var error = await CommitAsync(context.ApiVersion, request, valid).ConfigureAwait(false);
        foreach (var answer in pending)
        {
            answer.ErrorCode = error;
        }

        return response;
    }

    private async ValueTask<ErrorCode> CommitAsync(
        short version, TxnOffsetCommitRequest request, List<KeyValuePair<TopicPartition, CommittedOffset>> offsets)
    {
        if (request.GroupId.Length == 0)
        {
            return ErrorCode.InvalidGroupId;
        }

        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var log = groups.LogOf(request.GroupId);
        var error = version >= FirstVersionThatAdds
            ? await transactions.AddPartitionsAsync(request.TransactionalId, request.ProducerId, request.ProducerEpoch, [log])
                .ConfigureAwait(false)
            : transactions.Verify(request.TransactionalId, request.ProducerId, request.ProducerEpoch, log);
        if (error != ErrorCode.None)
        {
            return error switch
            {
                ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
                ErrorCode.InvalidTxnState when version >= FirstVersionWithAbortable => ErrorCode.TransactionAbortable,
                _ => error,
            };
        }

        var identity = new MemberIdentity(request.MemberId, request.GroupInstanceId, request.GenerationId);
        return await shard.CommitTransactionalAsync(
            request.GroupId, identity, request.ProducerId, request.ProducerEpoch, offsets).ConfigureAwait(false);
    }
}
