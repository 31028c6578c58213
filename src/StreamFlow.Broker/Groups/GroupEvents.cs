namespace StreamFlow.Broker.Groups;

/// <summary>A member wants to join or to join again.</summary>
/// <param name="Token">What the reply will carry.</param>
/// <param name="MemberId">Empty from a new member.</param>
/// <param name="NewMemberId">The id to give to a new member; made outside so that the group stays free of randomness.</param>
/// <param name="InstanceId">The static member's name, or null.</param>
/// <param name="ClientId">The client's name for people.</param>
/// <param name="ClientHost">Where it connects from.</param>
/// <param name="SessionTimeoutMs">Without a sign of life for this long the member is out.</param>
/// <param name="RebalanceTimeoutMs">How long the member may take to join again.</param>
/// <param name="ProtocolType"><c>consumer</c>, <c>connect</c> and so on.</param>
/// <param name="Protocols">The strategies it can follow, best first.</param>
/// <param name="RequiresKnownId">
/// Whether a new dynamic member has to come back with the id it is given (KIP-394, JoinGroup 4 and later).
/// </param>
/// <param name="SupportsSkippingAssignment">
/// Whether a returning static leader can be told to skip assigning (JoinGroup 9 and later).
/// </param>
internal sealed record JoinEvent(
    long Token,
    string MemberId,
    string NewMemberId,
    string? InstanceId,
    string ClientId,
    string ClientHost,
    int SessionTimeoutMs,
    int RebalanceTimeoutMs,
    string ProtocolType,
    GroupProtocol[] Protocols,
    bool RequiresKnownId,
    bool SupportsSkippingAssignment);

/// <summary>A member asks for its assignment; the leader brings everybody's.</summary>
/// <param name="Token">What the reply will carry.</param>
/// <param name="Identity">Who asks.</param>
/// <param name="ProtocolType">What the member believes, null when it does not say (before version 5).</param>
/// <param name="ProtocolName">What the member believes, null when it does not say.</param>
/// <param name="Assignments">Assignment by member id; empty unless the sender leads.</param>
internal sealed record SyncEvent(
    long Token, MemberIdentity Identity, string? ProtocolType, string? ProtocolName, IReadOnlyDictionary<string, byte[]> Assignments);

/// <summary>How a member names itself in every request after the first.</summary>
/// <param name="MemberId">The id that the coordinator gave; empty for an administrator who removes a static member.</param>
/// <param name="InstanceId">The static member's name, or null.</param>
/// <param name="Generation">The generation it believes in; -1 for none.</param>
internal readonly record struct MemberIdentity(string MemberId, string? InstanceId, int Generation);
