using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <summary>One member of a classic group. Owned and changed by its <see cref="ClassicGroup"/> alone.</summary>
internal sealed class GroupMember(string memberId, string? instanceId)
{
    private static readonly byte[] NoBytes = [];

    /// <summary>No token: the member waits for nothing.</summary>
    public const long None = 0;

    /// <summary>The current id; a static member gets another one when it comes back.</summary>
    public string MemberId { get; set; } = memberId;

    public string? InstanceId { get; } = instanceId;

    public string ClientId { get; set; } = "";

    public string ClientHost { get; set; } = "";

    public int SessionTimeoutMs { get; set; }

    public int RebalanceTimeoutMs { get; set; }

    public GroupProtocol[] Protocols { get; set; } = [];

    public byte[] Assignment { get; set; } = NoBytes;

    /// <summary>When the session ends without a sign of life (ms).</summary>
    public long SessionDeadline { get; set; }

    /// <summary>The join that waits for the rebalance to complete, or <see cref="None"/>.</summary>
    public long JoinToken { get; set; }

    /// <summary>The sync that waits for the leader, or <see cref="None"/>.</summary>
    public long SyncToken { get; set; }

    /// <summary>Whether the member still has to sync in this generation.</summary>
    public bool OwesSync { get; set; }

    /// <summary>Whether the member has never been part of a completed generation.</summary>
    public bool IsNew { get; set; }

    public bool IsStatic => InstanceId is not null;

    public bool IsAwaitingJoin => JoinToken != None;

    /// <summary>A request in flight counts as a sign of life, but a new member's first join does not count for ever.</summary>
    public bool IsHeldAlive => !IsNew && (IsAwaitingJoin || SyncToken != None);

    /// <summary>The subscription in the form of a strategy; empty when the member does not offer it.</summary>
    public byte[] MetadataFor(string? protocol)
    {
        foreach (var offered in Protocols)
        {
            if (offered.Name == protocol)
            {
                return offered.Metadata;
            }
        }

        return NoBytes;
    }

    /// <summary>Whether the member offers exactly these strategies with these bytes.</summary>
    public bool Offers(GroupProtocol[] protocols)
    {
        if (protocols.Length != Protocols.Length)
        {
            return false;
        }

        for (var i = 0; i < protocols.Length; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.AsSpan().SequenceEqual(Protocols[i].Metadata))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The session begins anew.</summary>
    public void KeepAlive(long now) => SessionDeadline = now + SessionTimeoutMs;

    /// <summary>Takes over what a join says and holds it until the rebalance is done.</summary>
    public void Update(JoinEvent join, GroupEffects effects)
    {
        if (IsAwaitingJoin && JoinToken != join.Token)
        {
            // The member asked twice; it has given up on the older request.
            effects.Reply(new JoinReply(JoinToken, ErrorCode.RebalanceInProgress, MemberId));
        }

        ClientId = join.ClientId;
        ClientHost = join.ClientHost;
        SessionTimeoutMs = join.SessionTimeoutMs;
        RebalanceTimeoutMs = join.RebalanceTimeoutMs;
        Protocols = join.Protocols;
        JoinToken = join.Token;
    }

    /// <summary>Holds a sync until the leader has synced; an older one has to join again.</summary>
    public void HoldSync(long token, GroupEffects effects)
    {
        if (SyncToken != None)
        {
            effects.Reply(new SyncReply(SyncToken, ErrorCode.RebalanceInProgress, null, null, NoBytes));
        }

        SyncToken = token;
    }

    /// <summary>Answers whatever the member waits for with an error.</summary>
    public void AnswerInFlight(ErrorCode error, GroupEffects effects)
    {
        if (IsAwaitingJoin)
        {
            effects.Reply(new JoinReply(JoinToken, error, MemberId));
            JoinToken = None;
        }

        if (SyncToken != None)
        {
            effects.Reply(new SyncReply(SyncToken, error, null, null, NoBytes));
            SyncToken = None;
        }
    }
}
