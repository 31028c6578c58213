using StreamFlow.Broker.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Reads committed offsets, of one group or, from version 8 on, of many.</summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups) : RequestHandler<OffsetFetchRequest, OffsetFetchResponse>
{
    private const long NoOffset = -1;

    /// <inheritdoc/>
    /// <remarks>Version 10 belongs to the groups of KIP-848.</remarks>
    public override short? HighestVersion => 9;

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
            var wanted = group.Topics?.SelectMany(t => t.PartitionIndexes.Select(p => new TopicPartition(t.Name, p)));
            var found = await FetchAsync(group.GroupId, wanted, request.RequireStable).ConfigureAwait(false);
            response.Groups.Add(Respond(group.GroupId, found));
        }

        return response;
    }

    private static OffsetFetchResponse.OffsetFetchResponseGroup Respond(string groupId, List<Found> found)
    {
        var group = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = groupId };
        foreach (var topic in found.GroupBy(f => f.Partition.Topic, StringComparer.Ordinal))
        {
            group.Topics.Add(new()
            {
                Name = topic.Key,
                Partitions =
                [
                    .. topic.Select(f => new OffsetFetchResponse.OffsetFetchResponsePartitions
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

        return group;
    }

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
