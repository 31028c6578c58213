namespace StreamFlow.Broker.Sharing.State;

/// <summary>
/// The state of one share partition as the log has it: a snapshot and the changes since. Touched under its shard's lock only.
/// </summary>
internal sealed class ShareState
{
    private readonly RangeMap<Delivery> _deliveries = new();

    public required int SnapshotEpoch { get; set; }

    public required int StateEpoch { get; init; }

    public required int LeaderEpoch { get; set; }

    /// <summary>-1 while nothing was decided.</summary>
    public required long StartOffset { get; set; }

    public int DoneCount { get; set; } = -1;

    /// <summary>When the state began (ms since 1970).</summary>
    public required long CreatedMs { get; init; }

    /// <summary>When it was last written as a whole (ms since 1970).</summary>
    public long SnapshotMs { get; set; }

    /// <summary>Where the log has it as a whole; what lies before is not needed for it.</summary>
    public long SnapshotAt { get; set; }

    /// <summary>Changes written since then.</summary>
    public int Updates { get; set; }

    public IReadOnlyList<OffsetRange<Delivery>> Deliveries => _deliveries;

    public ShareStateView View => new(StateEpoch, LeaderEpoch, StartOffset, DoneCount, [.. _deliveries]);

    /// <summary>Takes a change over.</summary>
    public void Apply(in ShareStateChange change)
    {
        LeaderEpoch = change.LeaderEpoch < 0 ? LeaderEpoch : change.LeaderEpoch;
        StartOffset = change.StartOffset < 0 ? StartOffset : change.StartOffset;
        DoneCount = change.DoneCount;
        foreach (var range in change.Deliveries)
        {
            if (range.Last >= StartOffset)
            {
                _deliveries.Set(Math.Max(range.First, StartOffset), range.Last, range.Value);
            }
        }

        _deliveries.RemoveBefore(StartOffset);
    }
}
