using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Groups;

/// <summary>Reads and writes the committed offsets of one group at its coordinator.</summary>
/// <param name="context">Retries.</param>
/// <param name="coordinator">The group's.</param>
/// <param name="member">Who asks as a member of a KIP-848 group, whose epoch is checked when offsets are read too; else null.</param>
internal sealed class GroupOffsets(ClientContext context, CoordinatorLink coordinator, MemberIdentity? member = null)
{
    // From version 10 on topics go by id.
    private const short NewestWithNames = 9;

    // From version 8 on one request asks for many groups.
    private const short NewestForOneGroup = 7;

    private const short WithEpochs = 9;

    /// <summary>The committed offsets; partitions without one are missing.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="partitions">The partitions; null for all.</param>
    /// <param name="requireStable">Whether to wait until no transaction changes them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Dictionary<TopicPartition, OffsetAndMetadata>> FetchAsync(
        string groupId, IReadOnlyCollection<TopicPartition>? partitions, bool requireStable, CancellationToken cancellationToken) =>
        context.Backoff.RetryAsync(token => FetchOnceAsync(
            groupId, partitions, requireStable, token), context.Options.ApiTimeout, cancellationToken);

    /// <summary>
    /// Commits the offsets as a member. While a heartbeat gives it a new epoch, a commit with the old one is refused: it is made again.
    /// </summary>
    /// <exception cref="CommitFailedException">The member is not part of the group's current generation.</exception>
    public async Task CommitAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, MemberIdentity identity, CancellationToken cancellationToken)
    {
        var start = context.Clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await CommitAsync(offsets, identity.Current, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (CommitFailedException e) when (e.ErrorCode == ErrorCode.StaleMemberEpoch && identity.Current.GenerationId > 0
                && context.Clock.GetElapsedTime(start) < context.Options.ApiTimeout)
            {
                await context.Backoff.WaitAsync(attempt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Commits the offsets.</summary>
    /// <exception cref="CommitFailedException">The member is not part of the group's current generation.</exception>
    public Task CommitAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, CancellationToken cancellationToken) =>
        offsets.Count == 0
            ? Task.CompletedTask
            : context.Backoff.RetryAsync(
                (Owner: this, Offsets: offsets, Group: group),
                static (commit, token) => commit.Owner.CommitOnceAsync(commit.Offsets, commit.Group, token),
                context.Options.ApiTimeout, cancellationToken);

    private Task<Dictionary<TopicPartition, OffsetAndMetadata>> FetchOnceAsync(
        string groupId, IReadOnlyCollection<TopicPartition>? partitions, bool requireStable, CancellationToken cancellationToken) =>
        member?.Current is { GenerationId: > 0 } current
            ? FetchAsMemberAsync(current, partitions, requireStable, cancellationToken)
            : FetchAsAnyoneAsync(groupId, partitions, requireStable, cancellationToken);

    private async Task<Dictionary<TopicPartition, OffsetAndMetadata>> FetchAsMemberAsync(
        ConsumerGroupMetadata current, IReadOnlyCollection<TopicPartition>? partitions, bool requireStable,
            CancellationToken cancellationToken)
    {
        var group = new OffsetFetchRequest.OffsetFetchRequestGroup
        {
            GroupId = current.GroupId,
            MemberId = current.MemberId,
            MemberEpoch = current.GenerationId,
            Topics = partitions?.GroupBy(p => p.Topic, StringComparer.Ordinal).Select(t => new OffsetFetchRequest.OffsetFetchRequestTopics
            {
                Name = t.Key,
                PartitionIndexes = [.. t.Select(p => p.Partition)],
            }).ToList(),
        };
        var request = new OffsetFetchRequest { RequireStable = requireStable, Groups = [group] };
        var answer = await coordinator.SendAsync(request, FirstErrorOfGroup, cancellationToken, WithEpochs).ConfigureAwait(false);
        if (FirstErrorOfGroup(answer) is not ErrorCode.None and var error)
        {
            throw new BrokerException(error, $"fetch offsets of group '{current.GroupId}'");
        }

        return answer.Groups[0].Topics.SelectMany(t => t.Partitions.Select(p => (new TopicPartition(t.Name, p.PartitionIndex), p)))
            .Where(p => p.p.CommittedOffset >= 0)
            .ToDictionary(p => p.Item1, p => new OffsetAndMetadata(p.p.CommittedOffset, p.p.Metadata ?? "", p.p.CommittedLeaderEpoch));
    }

    private async Task<Dictionary<TopicPartition, OffsetAndMetadata>> FetchAsAnyoneAsync(
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
        };
        foreach (var (partition, offset) in offsets)
        {
            TopicOf(request, partition.Topic).Partitions.Add(new()
            {
                PartitionIndex = partition.Partition,
                CommittedOffset = offset.Offset,
                CommittedLeaderEpoch = offset.LeaderEpoch,
                CommittedMetadata = offset.Metadata,
            });
        }

        var answer = await coordinator.SendAsync(request, FirstError, cancellationToken, NewestWithNames).ConfigureAwait(false);
        var error = FirstError(answer);
        if (error != ErrorCode.None)
        {
            var what = $"commit offsets of group '{group.GroupId}'";
            throw error is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress
                or ErrorCode.FencedInstanceId or ErrorCode.StaleMemberEpoch or ErrorCode.FencedMemberEpoch
                ? new CommitFailedException(error, what)
                : new BrokerException(error, what);
        }
    }

    private static OffsetCommitRequest.OffsetCommitRequestTopic TopicOf(OffsetCommitRequest request, string name)
    {
        foreach (var known in request.Topics)
        {
            if (known.Name == name)
            {
                return known;
            }
        }

        var topic = new OffsetCommitRequest.OffsetCommitRequestTopic { Name = name };
        request.Topics.Add(topic);
        return topic;
    }

    private static ErrorCode FirstError(OffsetCommitResponse answer)
    {
        foreach (var topic in answer.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode != ErrorCode.None)
                {
                    return partition.ErrorCode;
                }
            }
        }

        return ErrorCode.None;
    }

    private static ErrorCode FirstErrorOfGroup(OffsetFetchResponse answer) => answer.Groups.Count == 0
        ? ErrorCode.UnknownServerError
        : answer.Groups[0].ErrorCode != ErrorCode.None
            ? answer.Groups[0].ErrorCode
            : answer.Groups[0].Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None);

    private static ErrorCode FirstError(OffsetFetchResponse answer) => answer.ErrorCode != ErrorCode.None
        ? answer.ErrorCode
        : answer.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None);
}
