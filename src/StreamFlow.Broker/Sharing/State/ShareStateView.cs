namespace StreamFlow.Broker.Sharing.State;

/// <summary>The state of a share partition at one moment.</summary>
/// <param name="StateEpoch">Who knows an older one works with a state that was replaced.</param>
/// <param name="LeaderEpoch">The newest leader epoch that the state has seen.</param>
/// <param name="StartOffset">Before it everything is done with; -1 while the group's setting has yet to say where to begin.</param>
/// <param name="DoneCount">Records behind the start that are done with; -1 when nobody has counted.</param>
/// <param name="Deliveries">What has become of records behind the start.</param>
internal sealed record ShareStateView(
    int StateEpoch, int LeaderEpoch, long StartOffset, int DoneCount, IReadOnlyList<OffsetRange<Delivery>> Deliveries);
