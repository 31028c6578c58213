using StreamFlow.Broker.Groups;

namespace StreamFlow.Broker.Sharing.Sessions;

/// <summary>
/// What one member of a share group fetches again and again: its requests say only what has changed. Touched under the lock of
/// <see cref="ShareSessions"/>.
/// </summary>
internal sealed class ShareSession(string groupId, string memberId, IEnumerable<TopicIdPartition> partitions)
{
    private const int FirstEpoch = 1;

    private readonly List<TopicIdPartition> _partitions = [.. partitions.Distinct()];

    public string GroupId => groupId;

    public string MemberId => memberId;

    /// <summary>The number that the next request has to bear.</summary>
    public int NextEpoch { get; private set; } = FirstEpoch;

    /// <summary>Ends the session when its connection ends.</summary>
    public CancellationTokenRegistration OnDisconnect { get; set; }

    public IReadOnlyList<TopicIdPartition> Partitions => _partitions;

    /// <summary>A request was taken.</summary>
    public void Advance() => NextEpoch = NextEpoch == int.MaxValue ? FirstEpoch : NextEpoch + 1;

    /// <summary>Takes over what a request changes.</summary>
    public void Update(IEnumerable<TopicIdPartition> added, IEnumerable<TopicIdPartition> forgotten)
    {
        _partitions.AddRange(added.Except(_partitions).ToArray());
        foreach (var partition in forgotten)
        {
            _partitions.Remove(partition);
        }
    }

    /// <summary>The partitions in the order in which the next fetch reads them: each comes first at times.</summary>
    public TopicIdPartition[] Rotated()
    {
        if (_partitions.Count == 0)
        {
            return [];
        }

        var first = NextEpoch % _partitions.Count;
        return [.. _partitions.Skip(first), .. _partitions.Take(first)];
    }
}
