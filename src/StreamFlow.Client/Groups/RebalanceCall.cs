using StreamFlow.Client.Consuming;

namespace StreamFlow.Client.Groups;

/// <summary>The application's side of a rebalance.</summary>
/// <param name="Listener">Told of changes, or null.</param>
/// <param name="BeforeRevoke">Called before partitions are given up while their offsets can still be committed.</param>
/// <param name="CancellationToken">Handed to the listener.</param>
internal readonly record struct RebalanceCall(
    IRebalanceListener? Listener, Func<ValueTask> BeforeRevoke, CancellationToken CancellationToken);
