using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>The tasks that a member is meant to have, or says it has.</summary>
/// <param name="Active">The tasks that process records.</param>
/// <param name="Standby">The tasks that keep a copy of a state.</param>
/// <param name="Warmup">The tasks that build a state up before they become active.</param>
internal sealed record StreamsTasks(
    ImmutableHashSet<StreamsTask> Active, ImmutableHashSet<StreamsTask> Standby, ImmutableHashSet<StreamsTask> Warmup)
{
    public static StreamsTasks None { get; } = new([], [], []);

    public bool SameAs(StreamsTasks other) =>
        Active.SetEquals(other.Active) && Standby.SetEquals(other.Standby) && Warmup.SetEquals(other.Warmup);

    /// <summary>Whether one of the tasks is among those of a member, in the same role.</summary>
    public bool ContainsAnyOf(HeldTasks held) =>
        held.Active.Keys.Any(Active.Contains) || Standby.Overlaps(held.Standby) || Warmup.Overlaps(held.Warmup);

    /// <summary>Whether all of the tasks are among those of a member, in the same role.</summary>
    public bool AreWithin(HeldTasks held) =>
        Active.All(held.Active.ContainsKey) && Standby.IsSubsetOf(held.Standby) && Warmup.IsSubsetOf(held.Warmup);

    /// <summary>Whether the tasks are those of a member, in the same roles.</summary>
    public bool AreAllOf(HeldTasks held) => AreWithin(held)
        && Active.Count == held.Active.Count && Standby.Count == held.Standby.Count && Warmup.Count == held.Warmup.Count;
}
