using System.Runtime.InteropServices;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Fetching;

/// <summary>
/// What a client fetches again and again (KIP-227): its requests say only what has changed, and so do the responses. Made, found and
/// lent by <see cref="FetchSessionCache"/>; who it is lent to uses it alone.
/// </summary>
internal sealed class FetchSession
{
    private const int FirstIncrementalEpoch = 1;

    private readonly Dictionary<FetchKey, FetchTarget> _byKey = [];
    private readonly List<FetchTarget> _moved = [];

    public FetchSession(int id, bool byTopicId, long nowMs, List<FetchTarget> targets)
    {
        (Id, ByTopicId, CreatedMs, LastUsedMs) = (id, byTopicId, nowMs, nowMs);
        Targets = targets;
        foreach (var target in targets)
        {
            _byKey[target.Key] = target;
        }

        CachedSize = targets.Count;
    }

    public int Id { get; }

    /// <summary>Whether topics go by their ids.</summary>
    public bool ByTopicId { get; }

    public long CreatedMs { get; }

    public long LastUsedMs { get; set; }

    /// <summary>Its partitions when they were last counted for the eviction.</summary>
    public int CachedSize { get; set; }

    /// <summary>The number that the next request has to bear.</summary>
    public int NextEpoch { get; private set; } = FirstIncrementalEpoch;

    /// <summary>Whether a request is using it now.</summary>
    public bool IsLent { get; set; }

    /// <summary>Partitions in the order in which they are read.</summary>
    public List<FetchTarget> Targets { get; }

    /// <summary>Takes over what a request changes.</summary>
    public void Update(FetchRequest request)
    {
        foreach (var topic in request.Topics)
        {
            foreach (var wanted in topic.Partitions)
            {
                var key = FetchKey.Of(topic, wanted.Partition, ByTopicId);
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, key, out var exists);
                if (exists)
                {
                    known!.Want(wanted);
                }
                else
                {
                    known = new FetchTarget().Begin(key, wanted);
                    Targets.Add(known);
                }
            }
        }

        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions)
            {
                if (_byKey.Remove(FetchKey.Of(topic, partition, ByTopicId), out var forgotten))
                {
                    Targets.Remove(forgotten);
                }
            }
        }

        NextEpoch = NextEpoch == int.MaxValue ? FirstIncrementalEpoch : NextEpoch + 1;
    }

    /// <summary>A response was sent: the partitions that gave records come last the next time, so that none starves.</summary>
    public void OnSent()
    {
        var kept = 0;
        for (var i = 0; i < Targets.Count; i++)
        {
            var target = Targets[i];
            if (target.OnSent())
            {
                _moved.Add(target);
            }
            else
            {
                Targets[kept++] = target;
            }
        }

        foreach (var target in _moved)
        {
            Targets[kept++] = target;
        }

        _moved.Clear();
    }
}
