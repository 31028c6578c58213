using System.Diagnostics.CodeAnalysis;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <summary>The members of a group in the order they came, findable by id and by instance id, and the votes they hold together.</summary>
internal sealed class GroupRoster
{
    private readonly List<GroupMember> _members = [];
    private readonly Dictionary<string, GroupMember> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupMember> _byInstance = new(StringComparer.Ordinal);

    /// <summary>The member id of the leader, null while there are no members.</summary>
    public string? Leader { get; set; }

    public int Count => _members.Count;

    public IReadOnlyCollection<GroupMember> All => _members;

    /// <summary>The longest rebalance timeout of all members (ms).</summary>
    public int RebalanceTimeoutMs => _members.Count == 0 ? 0 : _members.Max(m => m.RebalanceTimeoutMs);

    public bool TryGet(string memberId, [NotNullWhen(true)] out GroupMember? member) => _byId.TryGetValue(memberId, out member);

    public bool TryGetStatic(string instanceId, [NotNullWhen(true)] out GroupMember? member) =>
        _byInstance.TryGetValue(instanceId, out member);

    /// <summary>Finds who speaks, and fences the older of two members with the same instance id.</summary>
    public ErrorCode Find(MemberIdentity identity, out GroupMember? member)
    {
        if (identity.InstanceId is not { } instanceId)
        {
            return _byId.TryGetValue(identity.MemberId, out member) ? ErrorCode.None : ErrorCode.UnknownMemberId;
        }

        if (!_byInstance.TryGetValue(instanceId, out member))
        {
            return ErrorCode.UnknownMemberId;
        }

        return identity.MemberId.Length == 0 || identity.MemberId == member.MemberId ? ErrorCode.None : ErrorCode.FencedInstanceId;
    }

    public void Add(GroupMember member)
    {
        _members.Add(member);
        _byId[member.MemberId] = member;
        if (member.InstanceId is { } instanceId)
        {
            _byInstance[instanceId] = member;
        }

        Leader ??= member.MemberId;
    }

    public void Remove(GroupMember member)
    {
        _members.Remove(member);
        _byId.Remove(member.MemberId);
        if (member.InstanceId is { } instanceId)
        {
            _byInstance.Remove(instanceId);
        }

        if (Leader == member.MemberId)
        {
            Leader = _members.Count == 0 ? null : _members[0].MemberId;
        }
    }

    /// <summary>A static member came back under another id.</summary>
    public void Rename(GroupMember member, string memberId)
    {
        _byId.Remove(member.MemberId);
        if (Leader == member.MemberId)
        {
            Leader = memberId;
        }

        member.MemberId = memberId;
        _byId[memberId] = member;
    }

    public void Clear()
    {
        _members.Clear();
        _byId.Clear();
        _byInstance.Clear();
        Leader = null;
    }

    public bool AllAwaitJoin() => _members.TrueForAll(m => m.IsAwaitingJoin);

    /// <summary>Keeps the leader when it has joined again, else takes the first member that has.</summary>
    /// <returns>False when nobody has joined.</returns>
    public bool ElectJoinedLeader()
    {
        if (Leader is not null && _byId.TryGetValue(Leader, out var leader) && leader.IsAwaitingJoin)
        {
            return true;
        }

        if (_members.Find(m => m.IsAwaitingJoin) is not { } joined)
        {
            return false;
        }

        Leader = joined.MemberId;
        return true;
    }

    /// <summary>Whether every member but one offers the strategy.</summary>
    public bool AllOffer(string protocol, string except) =>
        _members.TrueForAll(m => m.MemberId == except || Array.Exists(m.Protocols, p => p.Name == protocol));

    /// <summary>
    /// Each member votes for the strategy it likes best among those that all offer; most votes win, and among equals the one
    /// that the first voter named first.
    /// </summary>
    public string? ChooseProtocol()
    {
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        string? winner = null;
        foreach (var member in _members)
        {
            foreach (var protocol in member.Protocols)
            {
                if (AllOffer(protocol.Name, except: ""))
                {
                    votes[protocol.Name] = votes.GetValueOrDefault(protocol.Name) + 1;
                    winner ??= protocol.Name;
                    break;
                }
            }
        }

        foreach (var (name, count) in votes)
        {
            if (winner is null || count > votes[winner])
            {
                winner = name;
            }
        }

        return winner;
    }
}
