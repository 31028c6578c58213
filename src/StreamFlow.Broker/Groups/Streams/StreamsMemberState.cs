namespace StreamFlow.Broker.Groups.Streams;

/// <summary>How far a member has come on its way to its target assignment. The numbers stand in the log.</summary>
internal enum StreamsMemberState : sbyte
{
    /// <summary>It has what it was meant to have at its epoch.</summary>
    Stable = 1,

    /// <summary>It was told to give tasks up and has not said yet that it did.</summary>
    UnrevokedTasks = 2,

    /// <summary>It waits for tasks that others still hold.</summary>
    UnreleasedTasks = 3,
}
