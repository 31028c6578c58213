using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Groups;

/// <summary>Reads and writes the committed offsets of one group at its coordinator.</summary>
internal sealed class GroupOffsets(ClientContext context, CoordinatorLink coordinator)
{
    // From version 10 on topics go by id.
    private const short NewestWithNames = 9;

    // From version 8 on one request asks for many groups.
    private const short NewestForOneGroup = 7;

    /// <summary>The committed offsets; partitions without one are missing.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="partitions">The partitions; null for all.</param>
    /// <param name="requireStable">Whether to wait until no transaction changes them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Dictionary<TopicPartition, OffsetAndMetadata>> FetchAsync(
        string groupId, IReadOnlyCollection<TopicPartition>? partitions, bool requireStable, CancellationToken cancellationToken) =>
        context.Backoff.RetryAsync(token => FetchOnceAsync(
            groupId, partitions, requireStable, token), context.Options.ApiTimeout, cancellationToken);

    /// <summary>Commits the offsets.</summary>
    /// <exception cref="CommitFailedException">The member is not part of the group's current generation.</exception>
    public Task CommitAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, CancellationToken cancellationToken) =>
        offsets.Count == 0
            ? Task.CompletedTask
            : context.Backoff.RetryAsync(token => CommitOnceAsync(offsets, group, token), context.Options.ApiTimeout, cancellationToken);

    private async Task<Dictionary<TopicPartition, OffsetAndMetadata>> FetchOnceAsync(
        string groupId, IReadOnlyCollection<TopicPartition>? partitions, bool requireStable, CancellationToken cancellationToken)
    {
        var request = new OffsetFetchRequest
        {
            GroupId = groupId,
            RequireStable = requireStable,
            Topics = partitions?.GroupBy(p => p.Topic, StringComparer.Ordinal).Select(t => new OffsetFetchRequest.OffsetFetchRequestTopic
            {
                Name = t.Key,
                PartitionIndexes = [.. t.Select(p => p.Partition)],
            }).ToList(),
        };
        var answer = await coordinator.SendAsync(request, FirstError, cancellationToken, NewestForOneGroup).ConfigureAwait(false);
        if (FirstError(answer) is not ErrorCode.None and var error)
        {
            throw new BrokerException(error, $"fetch offsets of group '{groupId}'");
        }

        return answer.Topics.SelectMany(t => t.Partitions.Select(p => (new TopicPartition(t.Name, p.PartitionIndex), p)))
            .Where(p => p.p.CommittedOffset >= 0)
            .ToDictionary(p => p.Item1, p => new OffsetAndMetadata(p.p.CommittedOffset, p.p.Metadata ?? "", p.p.CommittedLeaderEpoch));
    }

    private async Task CommitOnceAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, CancellationToken cancellationToken)
    {
        var request = new OffsetCommitRequest
        {
            GroupId = group.GroupId,
            GenerationIdOrMemberEpoch = group.GenerationId,
            MemberId = group.MemberId,
            GroupInstanceId = group.GroupInstanceId,
            Topics =
            [
                .. offsets.GroupBy(o => o.Key.Topic, StringComparer.Ordinal).Select(t => new OffsetCommitRequest.OffsetCommitRequestTopic
                {
                    Name = t.Key,
                    Partitions =
                    [
                        .. t.Select(o => new OffsetCommitRequest.OffsetCommitRequestPartition
                        {
                            PartitionIndex = o.Key.Partition,
                            CommittedOffset = o.Value.Offset,
                            CommittedLeaderEpoch = o.Value.LeaderEpoch,
                            CommittedMetadata = o.Value.Metadata,
                        }),
                    ],
                }),
            ],
        };
        var answer = await coordinator.SendAsync(request, FirstError, cancellationToken, NewestWithNames).ConfigureAwait(false);
        var error = FirstError(answer);
        if (error != ErrorCode.None)
        {
            var what = $"commit offsets of group '{group.GroupId}'";
            throw error is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress
                or ErrorCode.FencedInstanceId
                ? new CommitFailedException(error, what)
                : new BrokerException(error, what);
        }
    }

    private static ErrorCode FirstError(OffsetCommitResponse answer) =>
        answer.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None);

    private static ErrorCode FirstError(OffsetFetchResponse answer) => answer.ErrorCode != ErrorCode.None
        ? answer.ErrorCode
        : answer.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None);
}
