using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Dsl;

/// <summary>How a foreign-key join of two tables is run: its name, serdes and partitions.</summary>
/// <typeparam name="TKey">The left table's key type.</typeparam>
/// <typeparam name="TValue">The left table's value type.</typeparam>
/// <typeparam name="TForeignKey">The right table's key type.</typeparam>
/// <typeparam name="TForeign">The right table's value type.</typeparam>
public sealed record TableJoined<TKey, TValue, TForeignKey, TForeign>
{
    /// <summary>Writes the left table's keys; null takes the table's.</summary>
    public Serde<TKey>? KeySerde { get; init; }

    /// <summary>Writes the left table's values, by whose bytes changes are recognised; null takes the table's.</summary>
    public Serde<TValue>? ValueSerde { get; init; }

    /// <summary>Writes the right table's keys; null takes the table's.</summary>
    public Serde<TForeignKey>? ForeignKeySerde { get; init; }

    /// <summary>Writes the right table's values; null takes the table's.</summary>
    public Serde<TForeign>? ForeignSerde { get; init; }

    /// <summary>
    /// How the left table is partitioned: from a key and the number of partitions to the partition. Null: answers go to the partition that
    /// the left row came from.
    /// </summary>
    public Func<TKey, int, int>? Partitioner { get; init; }

    /// <summary>
    /// How the right table is partitioned: from a key and the number of partitions to the partition. Null: by the hash of the key's bytes.
    /// </summary>
    public Func<TForeignKey, int, int>? ForeignPartitioner { get; init; }

    /// <summary>Names the join's operators, topics and store; null to generate names.</summary>
    public string? Name { get; init; }

    /// <summary>Names the join's operators, topics and store.</summary>
    public static TableJoined<TKey, TValue, TForeignKey, TForeign> As(string name) => new() { Name = name };
}
