using StreamFlow.Broker.Groups;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Sharing.Sessions;

/// <summary>
/// The share sessions of all members. One ends when its member says so or its connection is gone; then the member's records are available
/// again. Created by the broker; any thread may call.
/// </summary>
internal sealed class ShareSessions(SharePartitions partitions, int most)
{
    /// <summary>The epoch that opens a session.</summary>
    public const int OpeningEpoch = 0;

    /// <summary>The epoch that closes one.</summary>
    public const int ClosingEpoch = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string GroupId, string MemberId), ShareSession> _sessions = [];

    /// <summary>Sessions there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>
    /// Opens a session; one that the member has is replaced, and the member keeps its records, as with Kafka 4.3: it may be at work on them
    /// and say what became of them in the new session. Those that it never got come free when their locks end.
    /// </summary>
    /// <param name="groupId">The group.</param>
    /// <param name="memberId">The member.</param>
    /// <param name="wanted">What it fetches.</param>
    /// <param name="disconnected">Cancelled when the member's connection is gone.</param>
    /// <param name="targets">What to read, in this order.</param>
    public ErrorCode Open(
        string groupId, string memberId, IEnumerable<TopicIdPartition> wanted, CancellationToken disconnected,
        out IReadOnlyList<TopicIdPartition> targets)
    {
        targets = [];
        var session = new ShareSession(groupId, memberId, wanted);
        lock (_gate)
        {
            if (_sessions.Remove((groupId, memberId), out var old))
            {
                old.OnDisconnect.Unregister();
            }

            if (_sessions.Count >= most)
            {
                return ErrorCode.ShareSessionLimitReached;
            }

            _sessions[(groupId, memberId)] = session;
            targets = [.. session.Partitions];
        }

        session.OnDisconnect = disconnected.Register(() => Close(session));
        return ErrorCode.None;
    }

    /// <summary>Takes a request of a session.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="memberId">The member.</param>
    /// <param name="epoch">The request's number.</param>
    /// <param name="added">What it fetches from now on, too.</param>
    /// <param name="forgotten">What it does not fetch any more.</param>
    /// <param name="targets">What to read, in this order.</param>
    public ErrorCode Continue(
        string groupId, string memberId, int epoch, IEnumerable<TopicIdPartition> added, IEnumerable<TopicIdPartition> forgotten,
        out IReadOnlyList<TopicIdPartition> targets)
    {
        targets = [];
        lock (_gate)
        {
            if (!_sessions.TryGetValue((groupId, memberId), out var session))
            {
                return ErrorCode.ShareSessionNotFound;
            }

            if (epoch == ClosingEpoch)
            {
                return ErrorCode.None;
            }

            if (epoch != session.NextEpoch)
            {
                return ErrorCode.InvalidShareSessionEpoch;
            }

            session.Update(added, forgotten);
            session.Advance();
            targets = session.Rotated();
            return ErrorCode.None;
        }
    }

    /// <summary>Closes the member's session.</summary>
    /// <returns>The share partitions whose records it gave back.</returns>
    public IReadOnlyList<SharePartitionKey> Close(string groupId, string memberId)
    {
        ShareSession? session;
        lock (_gate)
        {
            session = _sessions.GetValueOrDefault((groupId, memberId));
        }

        return session is null ? [] : Close(session);
    }

    private List<SharePartitionKey> Close(ShareSession session)
    {
        session.OnDisconnect.Unregister();

        // All of it under the lock: what a session gets that is opened meanwhile, by the same member or as the group's first again, stays.
        lock (_gate)
        {
            var id = (session.GroupId, session.MemberId);
            if (!ReferenceEquals(_sessions.GetValueOrDefault(id), session))
            {
                return [];
            }

            _sessions.Remove(id);
            var keys = session.Partitions.Select(p => new SharePartitionKey(session.GroupId, p.TopicId, p.Partition)).ToList();
            foreach (var key in keys)
            {
                partitions.Find(key)?.Release(session.MemberId);
            }

            if (!_sessions.Keys.Any(k => k.GroupId == session.GroupId))
            {
                partitions.ForgetGroup(session.GroupId);
            }

            return keys;
        }
    }
}
