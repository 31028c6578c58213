using System.Security.Cryptography;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Fetching;

/// <summary>
/// The fetch sessions of all clients. A full cache makes room for a new session by dropping one that has not been used for a while, or
/// a smaller one that is old enough; else the client goes on without a session (KIP-227). Thread safe.
/// </summary>
internal sealed class FetchSessionCache(int slots, BrokerClock clock)
{
    /// <summary>How long a session is safe from others; Kafka's value.</summary>
    private const long EvictionMs = 120_000;

    private const int FirstEpoch = 0;
    private const int FinalEpoch = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];

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

    /// <summary>Whether the request names all that it wants, rather than what has changed in its session.</summary>
    public static bool IsFull(FetchRequest request) => request.SessionEpoch is FirstEpoch or FinalEpoch;

    /// <summary>Whether the request wants a session to begin.</summary>
    public static bool WantsSession(FetchRequest request) => request.SessionEpoch == FirstEpoch;

    /// <summary>Ends the session that a full request names, if there is one.</summary>
    public void End(int id)
    {
        if (id != 0)
        {
            lock (_gate)
            {
                _sessions.Remove(id);
            }
        }
    }

    /// <summary>Lends the session of an incremental request, brought up to date with it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="byTopicId">Whether its version names topics by their ids.</param>
    /// <param name="error">Why there is none.</param>
    /// <returns>The session, to be given back; null with an error.</returns>
    public FetchSession? Lend(FetchRequest request, bool byTopicId, out ErrorCode error)
    {
        lock (_gate)
        {
            error = !_sessions.TryGetValue(request.SessionId, out var session)
                ? ErrorCode.FetchSessionIdNotFound
                : session.NextEpoch != request.SessionEpoch || session.IsLent
                    ? ErrorCode.InvalidFetchSessionEpoch
                    : session.ByTopicId != byTopicId ? ErrorCode.FetchSessionTopicIdError : ErrorCode.None;
            if (error != ErrorCode.None)
            {
                return null;
            }

            session!.IsLent = true;
            session.Update(request);
            session.LastUsedMs = clock.NowMs;
            session.CachedSize = session.Targets.Count;
            if (session.Targets.Count == 0)
            {
                _sessions.Remove(session.Id);
            }

            return session;
        }
    }

    /// <summary>Takes a lent session back.</summary>
    public void Return(FetchSession session)
    {
        lock (_gate)
        {
            session.IsLent = false;
        }
    }

    /// <summary>Begins a session.</summary>
    /// <param name="targets">What the client fetches; the list is the session's from now on.</param>
    /// <param name="byTopicId">Whether topics go by their ids.</param>
    /// <returns>Its id, or 0 when there is no room for it.</returns>
    public int Create(List<FetchTarget> targets, bool byTopicId)
    {
        var now = clock.NowMs;
        lock (_gate)
        {
            if (_sessions.Count >= slots && !TryEvict(targets.Count, now))
            {
                return 0;
            }

            int id;
            do
            {
                id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            }
            while (_sessions.ContainsKey(id));

            var session = new FetchSession(id, byTopicId, now, targets);
            session.OnSent();
            _sessions.Add(id, session);
            return id;
        }
    }

    private bool TryEvict(int size, long now)
    {
        FetchSession? oldest = null;
        FetchSession? smallest = null;
        foreach (var session in _sessions.Values)
        {
            oldest = oldest is null || session.LastUsedMs < oldest.LastUsedMs ? session : oldest;
            if (now - session.CreatedMs > EvictionMs
                && (smallest is null || (session.CachedSize, session.Id).CompareTo((smallest.CachedSize, smallest.Id)) < 0))
            {
                smallest = session;
            }
        }

        var evicted = oldest is not null && now - oldest.LastUsedMs > EvictionMs
            ? oldest
            : smallest is not null && smallest.CachedSize < size ? smallest : null;
        return evicted is not null && _sessions.Remove(evicted.Id);
    }
}
