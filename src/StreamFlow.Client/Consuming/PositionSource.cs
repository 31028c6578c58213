namespace StreamFlow.Client.Consuming;

/// <summary>Where the position of a partition comes from when it is not known.</summary>
internal enum PositionSource
{
    /// <summary>The group's committed offset, else the reset policy.</summary>
    Committed,

    /// <summary>The reset policy.</summary>
    Policy,

    /// <summary>The oldest record.</summary>
    Beginning,

    /// <summary>Behind the newest record.</summary>
    End,
}
