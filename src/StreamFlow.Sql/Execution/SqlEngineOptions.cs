using StreamFlow.Sql.Execution.Commands;
using StreamFlow.Sql.Formats;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Sql.Execution;

/// <summary>What an engine is made with; everything has a default.</summary>
public sealed record SqlEngineOptions
{
    /// <summary>The defaults.</summary>
    public static SqlEngineOptions Default { get; } = new();

    /// <summary>Server properties (<c>ksql.…</c>); a session's SET goes over them.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The schema registry, or null when there is none.</summary>
    public ISchemaRegistry? Registry { get; init; }

    /// <summary>Where statements are kept for the next start; null: the catalog ends with the engine. Stays the caller's to
    /// dispose.</summary>
    public ICommandLog? Commands { get; init; }

    /// <summary>The clock of UNIX_TIMESTAMP() and of INSERT VALUES.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The source of RANDOM() and UUID(); null for a seed of its own.</summary>
    public Random? Random { get; init; }

    /// <summary>
    /// Behaviours of Kafka Streams to reproduce, for results that equal ksqlDB's to the record. None by default: late rows are dropped,
    /// unmatched rows wait out GRACE PERIOD, and no window is lost when time jumps.
    /// </summary>
    public KafkaCompatibility Compatibility { get; init; }

    /// <summary>Called for each expression that failed and became null; must not block. Null: nobody listens.</summary>
    public Action<SqlProcessingError>? OnProcessingError { get; init; }
}

/// <summary>An entry of the processing log.</summary>
/// <param name="QueryId">The query.</param>
/// <param name="Expression">The SQL that failed.</param>
/// <param name="Cause">Why.</param>
public sealed record SqlProcessingError(string QueryId, string Expression, Exception Cause);
