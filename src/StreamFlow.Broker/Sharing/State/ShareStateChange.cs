namespace StreamFlow.Broker.Sharing.State;

/// <summary>What changes in the state of a share partition.</summary>
/// <param name="StateEpoch">The state that the change is for; -1 for whichever there is.</param>
/// <param name="LeaderEpoch">The leader that wants it; -1 when that is not known.</param>
/// <param name="StartOffset">Where the partition begins now; -1 leaves it.</param>
/// <param name="DoneCount">Records behind the start that are done with; -1 when nobody has counted.</param>
/// <param name="Deliveries">What has become of records; of what is said twice, the last holds.</param>
internal readonly record struct ShareStateChange(
    int StateEpoch, int LeaderEpoch, long StartOffset, int DoneCount, IReadOnlyList<OffsetRange<Delivery>> Deliveries)
{
    /// <summary>Whether it makes sense at all: another broker's word is not trusted.</summary>
    public bool IsSound => StartOffset >= -1 && Deliveries.All(d => d.First >= 0 && d.First <= d.Last && d.Last < long.MaxValue
        && d.Value is { Count: >= 0, State: RecordState.Available or RecordState.Acquired or RecordState.Acknowledged
            or RecordState.Archived });
}
