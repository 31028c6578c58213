using StreamFlow.Client.Consuming;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Groups;

/// <summary>
/// Takes a member through one rebalance of a classic group: JoinGroup until the coordinator lets it in, the assignment when it leads,
/// SyncGroup.
/// </summary>
internal sealed class GroupJoiner(
    ClientContext context, MetadataCache metadata, CoordinatorLink coordinator, ConsumerOptions options, MemberIdentity identity)
{
    private static readonly TimeSpan JoinSlack = TimeSpan.FromSeconds(5);

    /// <summary>Joins.</summary>
    /// <param name="request">What the member brings.</param>
    /// <param name="userData">The assignors' user data, by name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BrokerException">The coordinator refuses the member for good.</exception>
    public async Task<JoinResult> JoinAsync(
        JoinRequest request, IReadOnlyDictionary<string, byte[]?> userData, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (await TryJoinAsync(request, userData, cancellationToken).ConfigureAwait(false) is { } result)
                {
                    return result;
                }
            }
            catch (StreamFlowException e) when (e.IsRetriable)
            {
                await context.Backoff.WaitAsync(attempt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Null when the round has to be begun again at once.</summary>
    private async Task<JoinResult?> TryJoinAsync(
        JoinRequest request, IReadOnlyDictionary<string, byte[]?> userData, CancellationToken cancellationToken)
    {
        var joined = await coordinator.SendAsync(
            ToRequest(
                request, userData), a =>
                    a.ErrorCode, cancellationToken, timeout: options.MaxPollInterval + JoinSlack).ConfigureAwait(false);
        switch (joined.ErrorCode)
        {
            case ErrorCode.None:
                identity.Set(joined.MemberId, joined.GenerationId);
                return await SyncAsync(joined, request.Topics, cancellationToken).ConfigureAwait(false);
            case ErrorCode.MemberIdRequired:
                identity.Set(joined.MemberId, -1);
                return null;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                return LosePlace(request);
            case ErrorCode.RebalanceInProgress:
                throw new BrokerException(ErrorCode.CoordinatorLoadInProgress, $"join group '{options.GroupId}'");
            default:
                throw new BrokerException(joined.ErrorCode, $"join group '{options.GroupId}'");
        }
    }

    private async Task<JoinResult?> SyncAsync(JoinGroupResponse joined, IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var assignor = options.Assignors.FirstOrDefault(a => a.Name == joined.ProtocolName)
            ?? throw new ProtocolException(
                $"group '{options.GroupId}' chose the assignor '{joined.ProtocolName}', which this member did not offer");
        var request = new SyncGroupRequest
        {
            GroupId = options.GroupId!,
            GenerationId = joined.GenerationId,
            MemberId = joined.MemberId,
            GroupInstanceId = options.GroupInstanceId,
            ProtocolType = options.ProtocolType,
            ProtocolName = joined.ProtocolName,
        };
        IReadOnlyDictionary<string, int>? counts = null;
        if (joined.Leader == joined.MemberId && !joined.SkipAssignment)
        {
            var plan = await AssignAsync(assignor, joined, topics, cancellationToken).ConfigureAwait(false);
            counts = plan.PartitionCounts;
            request.Assignments = plan.Assignments;
        }

        var synced = await coordinator.SendAsync(
            request, a => a.ErrorCode, cancellationToken, timeout: options.MaxPollInterval + JoinSlack).ConfigureAwait(false);
        switch (synced.ErrorCode)
        {
            case ErrorCode.None:
                return new(assignor, ConsumerProtocol.ReadAssignment(synced.Assignment), counts);
            case ErrorCode.RebalanceInProgress:
                return null;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                identity.Reset();
                return JoinResult.Lost;
            default:
                throw new BrokerException(synced.ErrorCode, $"sync with group '{options.GroupId}'");
        }
    }

    private async Task<(
        IReadOnlyDictionary<string, int> PartitionCounts, List<SyncGroupRequest.SyncGroupRequestAssignment> Assignments)> AssignAsync(
        IPartitionAssignor assignor, JoinGroupResponse joined, IReadOnlyList<string> ownTopics, CancellationToken cancellationToken)
    {
        var members = joined.Members.ToDictionary(
            m => m.MemberId, m => ConsumerProtocol.ReadSubscription(m.Metadata, m.GroupInstanceId), StringComparer.Ordinal);
        var topics = members.Values.SelectMany(m => m.Topics).Concat(ownTopics).Distinct(StringComparer.Ordinal);
        var counts = await CountPartitionsAsync(topics, cancellationToken).ConfigureAwait(false);
        var plan = await assignor.AssignAsync(new(joined.MemberId, members, counts), cancellationToken).ConfigureAwait(false);
        var assignments = plan.Select(m => new SyncGroupRequest.SyncGroupRequestAssignment
        {
            MemberId = m.Key,
            Assignment = ConsumerProtocol.Write(m.Value),
        }).ToList();
        return (counts, assignments);
    }

    private async Task<Dictionary<string, int>> CountPartitionsAsync(IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        foreach (var topic in topics)
        {
            metadata.Remember(topic);
        }

        await metadata.RefreshAsync(metadata.Current.Generation, cancellationToken, options.AllowAutoCreateTopics).ConfigureAwait(false);
        var cluster = metadata.Current;
        return topics.Where(t => cluster.Topics.TryGetValue(t, out var found) && found.Error == ErrorCode.None)
            .ToDictionary(t => t, t => cluster.Topics[t].Partitions.Length, StringComparer.Ordinal);
    }

    // A member that keeps partitions through the rebalance has lost them now; one that has none just begins anew.
    private JoinResult? LosePlace(JoinRequest request)
    {
        identity.Reset();
        return request.Owned.Count > 0 ? JoinResult.Lost : null;
    }

    private JoinGroupRequest ToRequest(JoinRequest request, IReadOnlyDictionary<string, byte[]?> userData) => new()
    {
        GroupId = options.GroupId!,
        SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
        RebalanceTimeoutMs = (int)options.MaxPollInterval.TotalMilliseconds,
        MemberId = identity.Current.MemberId,
        GroupInstanceId = options.GroupInstanceId,
        ProtocolType = options.ProtocolType,
        Protocols =
        [
            .. options.Assignors.Select(a => new JoinGroupRequest.JoinGroupRequestProtocol
            {
                Name = a.Name,
                Metadata = ConsumerProtocol.Write(new MemberSubscription(
                    request.Topics,
                    request.Owned,
                    userData.GetValueOrDefault(a.Name),
                    request.Owned.Count > 0 ? identity.Current.GenerationId : -1,
                    Rack: options.Rack.Length > 0 ? options.Rack : null)),
            }),
        ],
    };
}
