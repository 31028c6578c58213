using StreamFlow.Core.Records;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Sql.Execution;

/// <summary>
/// What the SQL engine needs of the world: topics, records, and something that runs topologies. The command line plugs in a
/// cluster, tests plug in topics in memory and the topology test driver.
/// </summary>
public interface ISqlRuntime
{
    /// <summary>The topic of a name, or null when there is none.</summary>
    ValueTask<SqlTopic?> FindTopicAsync(string name, CancellationToken cancellationToken);

    /// <summary>All topics, sorted by name.</summary>
    ValueTask<IReadOnlyList<SqlTopic>> ListTopicsAsync(CancellationToken cancellationToken);

    /// <summary>Creates a topic.</summary>
    ValueTask CreateTopicAsync(SqlTopic topic, CancellationToken cancellationToken);

    /// <summary>Deletes a topic with its records.</summary>
    ValueTask DeleteTopicAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes one record; its partition follows from the key.</summary>
    ValueTask ProduceAsync(string topic, SqlRecord record, CancellationToken cancellationToken);

    /// <summary>Reads a topic from its beginning, or from its end on. Ends only when cancelled, or at the end that the topic had at the
    /// start.</summary>
    IAsyncEnumerable<SqlRecord> ReadAsync(string topic, bool fromBeginning, bool untilEnd, CancellationToken cancellationToken);

    /// <summary>Starts a query's topology.</summary>
    ValueTask<IRunningTopology> StartAsync(SqlTopology topology, CancellationToken cancellationToken);
}

/// <summary>A topic.</summary>
/// <param name="Name">The name.</param>
/// <param name="Partitions">Number of partitions.</param>
/// <param name="Replicas">Number of replicas; 0 for the broker's default.</param>
public sealed record SqlTopic(string Name, int Partitions, int Replicas = 0)
{
    /// <summary>Topic configuration such as <c>cleanup.policy</c>.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();
}

/// <summary>A record as bytes.</summary>
/// <param name="Key">The key, or null.</param>
/// <param name="Value">The value, or null.</param>
/// <param name="Timestamp">The time in ms since 1970.</param>
/// <param name="Headers">The headers.</param>
public sealed record SqlRecord(byte[]? Key, byte[]? Value, long Timestamp, Headers Headers)
{
    /// <summary>Partition it was read from; -1 when it was not read.</summary>
    public int Partition { get; init; } = -1;

    /// <summary>Offset it was read from; -1 when it was not read.</summary>
    public long Offset { get; init; } = -1;
}

/// <summary>A query's topology, ready to run.</summary>
/// <param name="QueryId">The query's id, which names its application.</param>
/// <param name="Topology">The topology.</param>
/// <param name="SourceTopics">The topics it reads, repartition topics left out.</param>
/// <param name="SinkTopic">The topic it writes, or null for a transient query.</param>
/// <param name="FromBeginning">Whether it starts at the beginning of topics it has no position in.</param>
/// <param name="IsTransient">Whether it keeps no position and no state after it ends.</param>
public sealed record SqlTopology(
    string QueryId, Topology Topology, IReadOnlyList<string> SourceTopics, string? SinkTopic, bool FromBeginning, bool IsTransient)
{
    /// <summary>Settings of this query alone, by their keys such as <c>processing.guarantee</c>; others are the runtime's.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
