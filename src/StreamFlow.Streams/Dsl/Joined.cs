using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Dsl;

/// <summary>How a stream joins a table: the serdes of its repartition topic, when it needs one, and the operator's name.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The stream's value type.</typeparam>
/// <typeparam name="TTable">The table's value type.</typeparam>
public sealed record Joined<TKey, TValue, TTable>
{
    /// <summary>Writes keys; null takes the stream's.</summary>
    public Serde<TKey>? KeySerde { get; init; }

    /// <summary>Writes the stream's values; null takes the stream's.</summary>
    public Serde<TValue>? ValueSerde { get; init; }

    /// <summary>Writes the table's values where the join must keep them; null takes the table's.</summary>
    public Serde<TTable>? TableSerde { get; init; }

    /// <summary>Names the operator and its repartition topic; null to generate one.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// How long records wait for late changes of a versioned table before they are joined; null: they do not. The table's history must go
    /// back at least as far.
    /// </summary>
    public TimeSpan? GracePeriod { get; init; }

    /// <summary>Names the operator and its repartition topic.</summary>
    public static Joined<TKey, TValue, TTable> As(string name) => new() { Name = name };

    /// <summary>These settings and a grace period; the table must be a versioned one.</summary>
    public Joined<TKey, TValue, TTable> WithGracePeriod(TimeSpan grace) => this with { GracePeriod = grace };
}
