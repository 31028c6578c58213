using StreamFlow.Client.Consuming;

namespace StreamFlow.Client.Groups;

/// <summary>
/// A consumer's membership in its group. Requests go out by themselves; everything the application sees (assignments, listener calls)
/// happens in <see cref="StepAsync"/>, which polling calls.
/// </summary>
internal interface IGroupMembership : IAsyncDisposable
{
    /// <summary>As leader of a classic group: the partition counts the last assignment was based on; else null.</summary>
    IReadOnlyDictionary<string, int>? AssignedCounts { get; }

    /// <summary>Whether nothing is about to change.</summary>
    bool IsStable { get; }

    /// <summary>Has the member tell the group what it wants, though nothing may have changed.</summary>
    void RequestRejoin();

    /// <summary>Goes as far as is possible without waiting for the group.</summary>
    /// <param name="subscription">What the member wants to read.</param>
    /// <param name="call">The application's hooks.</param>
    /// <exception cref="Core.Errors.BrokerException">The group refuses this member for good.</exception>
    ValueTask StepAsync(SubscribedTopics subscription, RebalanceCall call);

    /// <summary>Gives up all partitions and leaves the group.</summary>
    ValueTask LeaveAsync(RebalanceCall call);
}
