using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Administration;

/// <summary>A group in a listing.</summary>
/// <param name="GroupId">Its id.</param>
/// <param name="ProtocolType">What its members speak, such as <c>consumer</c>; empty for a group that only has offsets.</param>
/// <param name="State">Its state, such as <c>Stable</c>; empty when the broker does not tell.</param>
public sealed record GroupListing(string GroupId, string ProtocolType, string State);

/// <summary>A group.</summary>
/// <param name="GroupId">Its id.</param>
/// <param name="State">Its state: Empty, PreparingRebalance, CompletingRebalance, Assigning, Reconciling, Stable, Dead.</param>
/// <param name="ProtocolType">What its members speak.</param>
/// <param name="Assignor">The assignor its members agreed on; empty while they have not.</param>
/// <param name="Members">Its members.</param>
public sealed record GroupDescription(
    string GroupId, string State, string ProtocolType, string Assignor, IReadOnlyList<GroupMemberDescription> Members);

/// <summary>A member of a group.</summary>
/// <param name="MemberId">Its id.</param>
/// <param name="GroupInstanceId">Its static id, null for a dynamic member.</param>
/// <param name="ClientId">The client id it gave.</param>
/// <param name="ClientHost">Where it connects from.</param>
/// <param name="Partitions">What it is assigned; empty when its protocol is not <c>consumer</c>.</param>
public sealed record GroupMemberDescription(
    string MemberId, string? GroupInstanceId, string ClientId, string ClientHost, IReadOnlyList<TopicPartition> Partitions);
