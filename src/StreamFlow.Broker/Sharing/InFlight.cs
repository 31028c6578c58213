namespace StreamFlow.Broker.Sharing;

/// <summary>A record between the start and the end of a share partition.</summary>
/// <param name="State">What has become of it.</param>
/// <param name="Count">How often it was handed out.</param>
/// <param name="MemberId">Who has it; null unless it is acquired.</param>
/// <param name="LockedUntil">When the member loses it (ms since 1970); 0 unless it is acquired.</param>
internal readonly record struct InFlight(RecordState State, short Count, string? MemberId = null, long LockedUntil = 0)
{
    /// <summary>Whether nobody will get it any more.</summary>
    public bool IsDone => State is RecordState.Acknowledged or RecordState.Archived;

    public Delivery Delivery => new(State, Count);
}
