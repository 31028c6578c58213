using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Reads committed offsets, of one group or, from version 8 on, of many.</summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups, MetadataLog metadata)
    : RequestHandler<OffsetFetchRequest, OffsetFetchResponse>
{
    private const short FirstVersionWithIds = 10;
    private const long NoOffset = -1;

    protected override async ValueTask<OffsetFetchResponse?> HandleAsync(RequestContext context, OffsetFetchRequest request)
    {
        var response = new OffsetFetchResponse();
        if (context.ApiVersion < 8)
        {
            var wanted = request.Topics?.SelectMany(t => t.PartitionIndexes.Select(p => new TopicPartition(t.Name, p)));
            var found = await FetchAsync(request.GroupId, wanted, request.RequireStable).ConfigureAwait(false);
            foreach (var topic in found.GroupBy(f => f.Partition.Topic, StringComparer.Ordinal))
            {
                response.Topics.Add(new()
                {
                    Name = topic.Key,
                    Partitions =
                    [
                        .. topic.Select(f => new OffsetFetchResponse.OffsetFetchResponsePartition
                        {
                            PartitionIndex = f.Partition.Partition,
                            CommittedOffset = f.Offset.Offset,
                            CommittedLeaderEpoch = f.Offset.LeaderEpoch,
                            Metadata = f.Offset.Metadata,
                            ErrorCode = f.Error,
                        }),
                    ],
                });
            }

            return response;
        }

        foreach (var group in request.Groups)
        {
            response.Groups.Add(context.ApiVersion >= FirstVersionWithIds
                ? await FetchByIdAsync(group, request.RequireStable).ConfigureAwait(false)
                : await FetchByNameAsync(group, request.RequireStable).ConfigureAwait(false));
        }

        return response;
    }

    private async ValueTask<OffsetFetchResponse.OffsetFetchResponseGroup> FetchByNameAsync(
        OffsetFetchRequest.OffsetFetchRequestGroup group, bool requireStable)
    {
        var response = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = group.GroupId };
        var wanted = group.Topics?.SelectMany(t => t.PartitionIndexes.Select(p => new TopicPartition(t.Name, p)));
        response.ErrorCode = await CheckAsync(group).ConfigureAwait(false);
        if (response.ErrorCode == ErrorCode.None)
        {
            var found = await FetchAsync(group.GroupId, wanted, requireStable).ConfigureAwait(false);
            response.Topics.AddRange(found.GroupBy(f => f.Partition.Topic, StringComparer.Ordinal).Select(t => Respond(t.Key, default, t)));
        }

        return response;
    }

    private async ValueTask<OffsetFetchResponse.OffsetFetchResponseGroup> FetchByIdAsync(
        OffsetFetchRequest.OffsetFetchRequestGroup group, bool requireStable)
    {
        var response = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = group.GroupId };
        var image = metadata.Image;
        var wanted = group.Topics?.Where(t => image.TopicsById.ContainsKey(t.TopicId))
            .SelectMany(t => t.PartitionIndexes.Select(p => new TopicPartition(image.TopicsById[t.TopicId].Name, p))).ToArray();
        response.ErrorCode = await CheckAsync(group).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None)
        {
            return response;
        }

        var found = await FetchAsync(group.GroupId, wanted, requireStable).ConfigureAwait(false);
        foreach (var topic in found.GroupBy(f => f.Partition.Topic, StringComparer.Ordinal))
        {
            if (image.Topics.TryGetValue(topic.Key, out var known))
            {
                response.Topics.Add(Respond(topic.Key, known.Id, topic));
            }
        }

        foreach (var topic in group.Topics?.Where(t => !image.TopicsById.ContainsKey(t.TopicId)) ?? [])
        {
            var none = new CommittedOffset(NoOffset, -1, "", -1);
            response.Topics.Add(Respond(
                "", topic.TopicId, topic.PartitionIndexes.Select(p => new Found(new TopicPartition("", p), none,
                    ErrorCode.UnknownTopicId))));
        }

        return response;
    }

    /// <summary>A member of a KIP-848 group has to name its epoch.</summary>
    private async ValueTask<ErrorCode> CheckAsync(OffsetFetchRequest.OffsetFetchRequestGroup group)
    {
        var shard = await groups.ShardOfAsync(group.GroupId).ConfigureAwait(false);
        return shard.Look(group.GroupId, entry => entry?.Group.CheckFetch(group.MemberId, group.MemberEpoch) ?? ErrorCode.None);
    }

    private static OffsetFetchResponse.OffsetFetchResponseTopics Respond(string name, Guid id, IEnumerable<Found> found) => new()
    {
        Name = name,
        TopicId = id,
        Partitions =
        [
            .. found.Select(f => new OffsetFetchResponse.OffsetFetchResponsePartitions
            {
                PartitionIndex = f.Partition.Partition,
                CommittedOffset = f.Offset.Offset,
                CommittedLeaderEpoch = f.Offset.LeaderEpoch,
                Metadata = f.Offset.Metadata,
                ErrorCode = f.Error,
            }),
        ],
    };

    /// <summary>The offsets of partitions, or of all when <paramref name="wanted"/> is null.</summary>
    private async ValueTask<List<Found>> FetchAsync(string groupId, IEnumerable<TopicPartition>? wanted, bool requireStable)
    {
        var shard = await groups.ShardOfAsync(groupId).ConfigureAwait(false);
        return shard.Look(groupId, entry =>
        {
            var partitions = wanted ?? entry?.Offsets.Committed.Keys ?? [];
            return partitions.Select(p => Fetch(entry?.Offsets, p, requireStable)).ToList();
        });
    }

    private static Found Fetch(GroupOffsets? offsets, TopicPartition partition, bool requireStable)
    {
        var none = new CommittedOffset(NoOffset, -1, "", -1);
        if (offsets is null)
        {
            return new(partition, none, ErrorCode.None);
        }

        if (requireStable && offsets.IsUnstable(partition))
        {
            return new(partition, none, ErrorCode.UnstableOffsetCommit);
        }

        return new(partition, offsets.TryGet(partition, out var offset) ? offset : none, ErrorCode.None);
    }

    private readonly record struct Found(TopicPartition Partition, CommittedOffset Offset, ErrorCode Error);
}
