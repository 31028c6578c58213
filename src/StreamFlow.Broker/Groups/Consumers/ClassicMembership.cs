using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>What is known of a member that speaks the classic protocol within a KIP-848 group.</summary>
/// <param name="SessionTimeoutMs">Without a sign of life for this long the member is out.</param>
/// <param name="Protocols">The strategies it offers, with its subscription in the form of each.</param>
internal sealed record ClassicMembership(int SessionTimeoutMs, ImmutableArray<GroupProtocol> Protocols);
