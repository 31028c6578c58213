namespace StreamFlow.Broker.Groups.Streams.Topology;

/// <summary>A part of a topology whose topics have their numbers of partitions.</summary>
/// <param name="Id">Its name.</param>
/// <param name="TaskCount">How many tasks it has: the most partitions of a topic it reads.</param>
/// <param name="SourceTopics">The topics of others that it reads.</param>
/// <param name="RepartitionSourceTopics">The application's own topics that it reads.</param>
/// <param name="RepartitionSinkTopics">The application's own topics that it writes.</param>
/// <param name="ChangelogTopics">The topics that keep its states.</param>
internal sealed record ConfiguredSubtopology(
    string Id,
    int TaskCount,
    IReadOnlyList<string> SourceTopics,
    IReadOnlyList<InternalTopic> RepartitionSourceTopics,
    IReadOnlyList<string> RepartitionSinkTopics,
    IReadOnlyList<InternalTopic> ChangelogTopics)
{
    public bool IsStateful => ChangelogTopics.Count > 0;

    /// <summary>Every topic that it reads.</summary>
    public IEnumerable<string> AllSources => SourceTopics.Concat(RepartitionSourceTopics.Select(t => t.Name));
}
