namespace StreamFlow.Client.Groups;

/// <summary>How members give up partitions in a rebalance.</summary>
public enum RebalanceProtocol
{
    /// <summary>Every member gives up all its partitions before it rejoins.</summary>
    Eager,

    /// <summary>Members keep what they have, give up only what moves, and rejoin to let it be handed out (KIP-429).</summary>
    Cooperative,
}
