namespace StreamFlow.Broker.Sharing;

/// <summary>What has become of a record that a share group reads. The numbers stand in the log; 3 is not used.</summary>
internal enum RecordState : sbyte
{
    /// <summary>Whoever fetches next may have it.</summary>
    Available = 0,

    /// <summary>A member has it, until its lock runs out. Never in the log: members are gone when it is read.</summary>
    Acquired = 1,

    /// <summary>A member has done with it.</summary>
    Acknowledged = 2,

    /// <summary>It was rejected, delivered too often, or was never meant for consumers.</summary>
    Archived = 4,
}
