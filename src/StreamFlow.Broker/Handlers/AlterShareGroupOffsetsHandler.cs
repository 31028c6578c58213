using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using Altered = StreamFlow.Protocol.Messages.AlterShareGroupOffsetsResponse;

namespace StreamFlow.Broker.Handlers;

/// <summary>Sets where a share group without members begins.</summary>
internal sealed class AlterShareGroupOffsetsHandler(GroupCoordinator groups, ShareStates states, MetadataLog metadata)
    : RequestHandler<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse>
{
    protected override async ValueTask<AlterShareGroupOffsetsResponse?> HandleAsync(
        RequestContext context, AlterShareGroupOffsetsRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return new() { ErrorCode = ErrorCode.InvalidGroupId, ErrorMessage = ErrorCodes.Describe(ErrorCode.InvalidGroupId) };
        }

        var topics = metadata.Image.Topics;
        List<(TopicIdPartition Partition, long Start)> offsets = [];
        foreach (var topic in request.Topics)
        {
            if (topics.TryGetValue(topic.TopicName, out var known))
            {
                offsets.AddRange(topic.Partitions.Select(p => (new TopicIdPartition(known.Id, p.PartitionIndex), p.StartOffset)));
            }
        }

        await states.EnsureTopicAsync().ConfigureAwait(false);
        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var outcome = new Dictionary<TopicIdPartition, ErrorCode>();
        var refusal = await shard.AlterShareOffsetsAsync(request.GroupId, offsets, (p, error) => outcome[p] = error).ConfigureAwait(false);
        return refusal is not null
            ? new() { ErrorCode = refusal.Error, ErrorMessage = refusal.Message }
            : new() { Responses = request.Topics.ConvertAll(t => Answer(t, topics.GetValueOrDefault(t.TopicName), outcome)) };
    }

    private static Altered.AlterShareGroupOffsetsResponseTopic Answer(
        AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic topic, TopicImage? known,
        Dictionary<TopicIdPartition, ErrorCode> outcome) => new()
    {
        TopicName = topic.TopicName,
        TopicId = known?.Id ?? Guid.Empty,
        Partitions = topic.Partitions.ConvertAll(p =>
        {
            var error = known is null
                ? ErrorCode.UnknownTopicOrPartition
                : outcome.GetValueOrDefault(new TopicIdPartition(known.Id, p.PartitionIndex));
            return new Altered.AlterShareGroupOffsetsResponsePartition
            {
                PartitionIndex = p.PartitionIndex,
                ErrorCode = error,
                ErrorMessage = error == ErrorCode.None ? null : ErrorCodes.Describe(error),
            };
        }),
    };
}
