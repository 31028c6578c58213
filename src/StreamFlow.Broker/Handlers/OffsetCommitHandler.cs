using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Commits offsets of a group; durable when answered.</summary>
internal sealed class OffsetCommitHandler(GroupCoordinator groups, MetadataLog metadata, BrokerClock clock)
    : RequestHandler<OffsetCommitRequest, OffsetCommitResponse>
{
    private const short FirstVersionWithIds = 10;
    private const short FirstVersionWithEpochs = 9;

    protected override async ValueTask<OffsetCommitResponse?> HandleAsync(RequestContext context, OffsetCommitRequest request)
    {
        var response = new OffsetCommitResponse();
        var valid = new List<KeyValuePair<TopicPartition, CommittedOffset>>();
        var pending = new List<OffsetCommitResponse.OffsetCommitResponsePartition>();
        var now = clock.NowMs;
        foreach (var topic in request.Topics)
        {
            var answered = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
            response.Topics.Add(answered);
            var image = context.ApiVersion >= FirstVersionWithIds
                ? metadata.Image.TopicsById.GetValueOrDefault(topic.TopicId)
                : metadata.Image.Topics.GetValueOrDefault(topic.Name);
            foreach (var partition in topic.Partitions)
            {
                var answer = new OffsetCommitResponse.OffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = image is null && context.ApiVersion >= FirstVersionWithIds
                        ? ErrorCode.UnknownTopicId
                        : OffsetCommitChecks.Check(image, partition.PartitionIndex, partition.CommittedMetadata, groups.Settings),
                };
                answered.Partitions.Add(answer);
                if (answer.ErrorCode == ErrorCode.None)
                {
                    var timestamp = partition.CommitTimestamp < 0 ? now : partition.CommitTimestamp;
                    var offset = new CommittedOffset(
                        partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata ?? "", timestamp);
                    valid.Add(new(new TopicPartition(image!.Name, partition.PartitionIndex), offset));
                    pending.Add(answer);
                }
            }
        }

        var error = request.GroupId.Length == 0 && request.GenerationIdOrMemberEpoch >= 0
            ? ErrorCode.InvalidGroupId
            : await CommitAsync(request, context.ApiVersion >= FirstVersionWithEpochs, valid).ConfigureAwait(false);
        foreach (var answer in pending)
        {
            answer.ErrorCode = error;
        }

        return response;
    }

    private async ValueTask<ErrorCode> CommitAsync(
        OffsetCommitRequest request, bool knowsEpochs, List<KeyValuePair<TopicPartition, CommittedOffset>> offsets)
    {
        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var identity = new MemberIdentity(request.MemberId, request.GroupInstanceId, request.GenerationIdOrMemberEpoch);
        return await shard.CommitAsync(request.GroupId, identity, knowsEpochs, offsets).ConfigureAwait(false);
    }
}
