using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// What a step of a group asks the world to do: store records and answer requests. Answers may only leave once the records are stored.
/// One object is reused from step to step.
/// </summary>
internal sealed class GroupEffects
{
    private readonly List<GroupReply> _replies = [];
    private readonly List<CoordinatorRecord> _records = [];

    /// <summary>The answers, in the order they came about.</summary>
    public IReadOnlyList<GroupReply> Replies => _replies;

    /// <summary>What has to reach the log, all of it or nothing.</summary>
    public IReadOnlyList<CoordinatorRecord> Records => _records;

    /// <summary>The group of the other kind that takes over once the records are stored; null when the group stays what it is.</summary>
    public IGroup? Successor { get; set; }

    public void Reply(GroupReply reply) => _replies.Add(reply);

    public void Store(CoordinatorRecord record) => _records.Add(record);

    public void Clear()
    {
        _replies.Clear();
        _records.Clear();
        Successor = null;
    }
}

/// <summary>An answer to a request that had to wait.</summary>
/// <param name="Token">The token of the event.</param>
/// <param name="Error">None for success.</param>
internal abstract record GroupReply(long Token, ErrorCode Error);

/// <summary>The answer to a join.</summary>
internal sealed record JoinReply(long Token, ErrorCode Error, string MemberId) : GroupReply(Token, Error)
{
    public int Generation { get; init; } = -1;

    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    public string Leader { get; init; } = "";

    public bool SkipAssignment { get; init; }

    /// <summary>Everybody, when the receiver is to assign; else empty.</summary>
    public IReadOnlyList<JoinedMember> Members { get; init; } = [];
}

/// <summary>What the leader learns of a member.</summary>
internal readonly record struct JoinedMember(string MemberId, string? InstanceId, byte[] Metadata);

/// <summary>The answer to a sync.</summary>
internal sealed record SyncReply(long Token, ErrorCode Error, string? ProtocolType, string? ProtocolName, byte[] Assignment)
    : GroupReply(Token, Error);
