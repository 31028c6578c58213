using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;
using Described = StreamFlow.Protocol.Messages.DescribeShareGroupOffsetsResponse;

namespace StreamFlow.Broker.Handlers;

/// <summary>Tells where share groups are, and how much they have yet to do.</summary>
internal sealed class DescribeShareGroupOffsetsHandler(
    GroupCoordinator groups, ShareStates states, PartitionManager partitions, MetadataLog metadata)
    : RequestHandler<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse>
{
    protected override async ValueTask<DescribeShareGroupOffsetsResponse?> HandleAsync(
        RequestContext context, DescribeShareGroupOffsetsRequest request)
    {
        var response = new DescribeShareGroupOffsetsResponse();
        foreach (var wanted in request.Groups)
        {
            var shard = await groups.ShardOfAsync(wanted.GroupId).ConfigureAwait(false);
            response.Groups.Add(shard.Look(wanted.GroupId, entry => Describe(wanted, entry)));
        }

        return response;
    }

    private Described.DescribeShareGroupOffsetsResponseGroup Describe(
        DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup wanted, GroupEntry? entry)
    {
        if (entry?.Share is not { } group)
        {
            return new()
            {
                GroupId = wanted.GroupId,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = $"Group {wanted.GroupId} is not a share group.",
            };
        }

        var topics = wanted.Topics?.ConvertAll(t => (Name: t.TopicName, t.Partitions))
            ?? [.. group.State.Topics.Where(t => metadata.Image.TopicsById.ContainsKey(t.Key))
                .Select(t => (t.Value.Name, t.Value.Partitions.ToList()))];
        return new()
        {
            GroupId = wanted.GroupId,
            Topics = topics.ConvertAll(t => Describe(wanted.GroupId, t.Name, t.Partitions)),
        };
    }

    private Described.DescribeShareGroupOffsetsResponseTopic Describe(string groupId, string name, List<int> numbers)
    {
        var topic = metadata.Image.Topics.GetValueOrDefault(name);
        return new()
        {
            TopicName = name,
            TopicId = topic?.Id ?? Guid.Empty,
            Partitions = numbers.ConvertAll(
                number => topic is null ? Unknown(number) : Describe(new SharePartitionKey(groupId, topic.Id, number), name)),
        };
    }

    private static Described.DescribeShareGroupOffsetsResponsePartition Unknown(int number) => new()
    {
        PartitionIndex = number,
        ErrorCode = ErrorCode.UnknownTopicOrPartition,
        ErrorMessage = ErrorCodes.Describe(ErrorCode.UnknownTopicOrPartition),
        StartOffset = -1,
        LeaderEpoch = -1,
    };

    private Described.DescribeShareGroupOffsetsResponsePartition Describe(SharePartitionKey key, string topic)
    {
        var state = states.Find(key);
        var isKnown = state is { StartOffset: >= 0 };
        return new()
        {
            PartitionIndex = key.Partition,
            StartOffset = state?.StartOffset ?? -1,
            LeaderEpoch = state?.LeaderEpoch ?? 0,
            Lag = isKnown && state!.DoneCount >= 0 && partitions.TryGet(topic, key.Partition, out var log)
                ? Math.Max(0, log.EndFor(ReadIsolation.HighWatermark) - Math.Max(state.StartOffset, log.LogStartOffset) - state.DoneCount)
                : -1,
        };
    }
}
