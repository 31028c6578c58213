using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>The tasks that a member holds or has to give up.</summary>
internal sealed record HeldTasks
{
    public static HeldTasks None { get; } = new();

    /// <summary>The tasks that process records, and the epoch at which the member got each: older commits are a zombie's.</summary>
    public ImmutableDictionary<StreamsTask, int> Active { get; init; } = ImmutableDictionary<StreamsTask, int>.Empty;

    public ImmutableHashSet<StreamsTask> Standby { get; init; } = [];

    public ImmutableHashSet<StreamsTask> Warmup { get; init; } = [];

    public bool IsEmpty => Active.IsEmpty && Standby.IsEmpty && Warmup.IsEmpty;

    public bool SameAs(HeldTasks other) => ReferenceEquals(this, other)
        || (Active.Count == other.Active.Count && Active.All(t => other.Active.TryGetValue(t.Key, out var at) && at == t.Value)
            && Standby.SetEquals(other.Standby) && Warmup.SetEquals(other.Warmup));

    /// <summary>Whether the tasks are the same, whenever the member got them.</summary>
    public bool HasSameTasksAs(HeldTasks other) => Active.Count == other.Active.Count && Active.Keys.All(other.Active.ContainsKey)
        && Standby.SetEquals(other.Standby) && Warmup.SetEquals(other.Warmup);
}
