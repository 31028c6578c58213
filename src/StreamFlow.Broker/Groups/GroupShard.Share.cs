using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Sharing;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <content>What administrators do to share groups.</content>
internal sealed partial class GroupShard
{
    /// <summary>Sets where a share group begins. It must have no members, and is made when there is none.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="offsets">The new start of each partition.</param>
    /// <param name="answer">Gets the outcome for each partition.</param>
    /// <returns>Why not; null when the answers say all.</returns>
    public async ValueTask<GroupRefusal?> AlterShareOffsetsAsync(
        string groupId, IReadOnlyList<(TopicIdPartition Partition, long Start)> offsets, Action<TopicIdPartition, ErrorCode> answer)
    {
        SharePartitionKey[] keys = [.. offsets.Select(o => new SharePartitionKey(groupId, o.Partition.TopicId, o.Partition.Partition))];
        lock (_gate)
        {
            var entry = Find(groupId);
            var (group, refusal) = GroupOf(groupId, true, entry, entry?.Share, NewShare, "share");
            if (refusal is null && !group!.IsEmpty)
            {
                refusal = new GroupRefusal(ErrorCode.NonEmptyGroup, $"Group {groupId} has members.");
            }

            if (refusal is not null)
            {
                _effects.Clear();
                return refusal;
            }

            var topics = group!.State.Topics;
            foreach (var (partition, start) in offsets)
            {
                var key = new SharePartitionKey(groupId, partition.TopicId, partition.Partition);
                var error = start < 0 ? ErrorCode.InvalidRequest : shareStates.Initialize(key, group.State.Epoch, start);
                answer(partition, error);
                if (error == ErrorCode.None && metadata.Image.TopicsById.TryGetValue(partition.TopicId, out var topic))
                {
                    var known = topics.GetValueOrDefault(topic.Id)?.Partitions ?? [];
                    topics = topics.SetItem(topic.Id, new SharedTopic(topic.Name, known.Add(partition.Partition)));
                }
            }

            group.Write(ShareGroupRecords.Topics(groupId, topics), _effects);
            if (entry?.Share is null)
            {
                group.Write(ShareGroupRecords.Epoch(groupId, group.State.Epoch, group.State.MetadataHash), _effects);
            }

            if (Finish(_groups[groupId]) is var failed && failed != ErrorCode.None)
            {
                return new GroupRefusal(failed, ErrorCodes.Describe(failed));
            }
        }

        return await FlushAsync(keys).ConfigureAwait(false);
    }

    /// <summary>Forgets where a share group was in some topics. It must have no members.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="topicIds">The topics.</param>
    /// <param name="answer">Gets the outcome for each topic.</param>
    /// <returns>Why not; null when the answers say all.</returns>
    public async ValueTask<GroupRefusal?> DeleteShareOffsetsAsync(
        string groupId, IReadOnlyList<Guid> topicIds, Action<Guid, ErrorCode> answer)
    {
        SharePartitionKey[] keys;
        lock (_gate)
        {
            if (Find(groupId)?.Share is not { } group)
            {
                return new GroupRefusal(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a share group.");
            }

            if (!group.IsEmpty)
            {
                return new GroupRefusal(ErrorCode.NonEmptyGroup, $"Group {groupId} has members.");
            }

            var topics = group.State.Topics;
            keys = [.. topicIds.Where(topics.ContainsKey).SelectMany(id => KeysOf(group, id))];
            foreach (var id in topicIds)
            {
                var error = topics.ContainsKey(id) ? DeleteStates(group, [id]) : ErrorCode.UnknownTopicOrPartition;
                answer(id, error);
                topics = error == ErrorCode.None ? topics.Remove(id) : topics;
            }

            group.Write(ShareGroupRecords.Topics(groupId, topics), _effects);
            if (Finish(_groups[groupId]) is var failed && failed != ErrorCode.None)
            {
                return new GroupRefusal(failed, ErrorCodes.Describe(failed));
            }
        }

        return await FlushAsync(keys).ConfigureAwait(false);
    }

    private static IEnumerable<SharePartitionKey> KeysOf(ShareGroup group, Guid topicId) =>
        group.State.Topics[topicId].Partitions.Select(p => new SharePartitionKey(group.GroupId, topicId, p));

    private ErrorCode DeleteStates(ShareGroup group, IEnumerable<Guid> topicIds)
    {
        foreach (var key in topicIds.SelectMany(id => KeysOf(group, id)))
        {
            if (shareStates.Delete(key) is var error && error != ErrorCode.None)
            {
                return error;
            }
        }

        return ErrorCode.None;
    }

    private async ValueTask<GroupRefusal?> FlushAsync(SharePartitionKey[] keys)
    {
        var error = await FlushAsync().ConfigureAwait(false);
        error = error == ErrorCode.None ? await shareStates.FlushAsync(keys).ConfigureAwait(false) : error;
        return error == ErrorCode.None ? null : new GroupRefusal(error, ErrorCodes.Describe(error));
    }
}
