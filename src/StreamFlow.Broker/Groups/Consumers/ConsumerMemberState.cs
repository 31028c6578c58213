namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>How far a member has come on its way to its target assignment. The numbers stand in the log.</summary>
internal enum ConsumerMemberState : sbyte
{
    /// <summary>It has what it was meant to have at its epoch.</summary>
    Stable = 0,

    /// <summary>It was told to give partitions up and has not said yet that it did.</summary>
    UnrevokedPartitions = 1,

    /// <summary>It waits for partitions that others still hold.</summary>
    UnreleasedPartitions = 2,
}
