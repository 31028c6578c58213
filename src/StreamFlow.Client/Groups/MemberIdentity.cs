namespace StreamFlow.Client.Groups;

/// <summary>
/// Who the member is in its group; read by the application, heartbeats and commits while a rebalance changes it. Thread safe.
/// </summary>
internal sealed class MemberIdentity(string groupId, string? groupInstanceId)
{
    private ConsumerGroupMetadata _current = new(groupId, GroupInstanceId: groupInstanceId);

    public ConsumerGroupMetadata Current => Volatile.Read(ref _current);

    public void Set(string memberId, int generation) =>
        Volatile.Write(ref _current, new(groupId, generation, memberId, groupInstanceId));

    /// <summary>Not part of any generation any more.</summary>
    public void Reset() => Set("", -1);
}
