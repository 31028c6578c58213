namespace StreamFlow.Broker.Purgatory;

/// <summary>
/// Something that is due at a time. Reusable once it has fired or was cancelled. Its links belong to the wheel that holds it and are
/// only touched under that wheel's lock.
/// </summary>
internal abstract class TimerEntry
{
    /// <summary>When it is due, in ms of the wheel's clock.</summary>
    internal long Deadline { get; set; }

    internal TimerEntry? Previous { get; set; }

    internal TimerEntry? Next { get; set; }

    /// <summary>The slot whose list holds the entry; -1 while none does.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Called once when the deadline has come, outside the wheel's lock. Must be quick.</summary>
    protected internal abstract void Fire();
}
