namespace StreamFlow.Broker.Groups;

/// <summary>
/// When a group may be assigned anew: not before its last assignment has reached a certain age, so that what changes meanwhile is taken
/// together. What was found too early is due at that very moment, not at the next sign of life after it. Not in the log. Not thread safe.
/// </summary>
internal sealed class AssignmentPace
{
    /// <summary>When an assignment that waits is due (ms since 1970); <see cref="long.MaxValue"/> when none waits.</summary>
    public long DueAt { get; private set; } = long.MaxValue;

    /// <summary>The next assignment waits until then, unless one waits already.</summary>
    public void DelayUntil(long time)
    {
        if (DueAt == long.MaxValue)
        {
            DueAt = time;
        }
    }

    /// <summary>Asks whether an assignment may be made now; if not, it waits.</summary>
    /// <param name="lastMs">When the last one was made (ms since 1970); 0 for never.</param>
    /// <param name="intervalMs">The age that it has to have (ms).</param>
    /// <param name="now">ms since 1970.</param>
    public bool MayAssign(long lastMs, int intervalMs, long now)
    {
        DelayUntil(lastMs == 0 ? now : lastMs + intervalMs);
        return TakeDue(now);
    }

    /// <summary>Whether an assignment that waited is due; then it waits no longer.</summary>
    public bool TakeDue(long now)
    {
        if (now < DueAt)
        {
            return false;
        }

        DueAt = long.MaxValue;
        return true;
    }
}
