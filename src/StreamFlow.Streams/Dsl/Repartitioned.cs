using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Dsl;

/// <summary>How a stream is repartitioned.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed record Repartitioned<TKey, TValue>
{
    /// <summary>Writes keys; null: that of the stream, else the built-in serde of the type.</summary>
    public Serde<TKey>? KeySerde { get; init; }

    /// <summary>Writes values; null: that of the stream, else the built-in serde of the type.</summary>
    public Serde<TValue>? ValueSerde { get; init; }

    /// <summary>The number of partitions; null: that of the topics it comes from.</summary>
    public int? Partitions { get; init; }

    /// <summary>Chooses partitions; null: the hash of the key's bytes.</summary>
    public Partitioner<TKey, TValue>? Partitioner { get; init; }

    /// <summary>The topic's name without prefix and suffix; null to generate one.</summary>
    public string? Name { get; init; }

    /// <summary>Repartitions with these serdes.</summary>
    public static Repartitioned<TKey, TValue> With(Serde<TKey>? keySerde, Serde<TValue>? valueSerde) =>
        new() { KeySerde = keySerde, ValueSerde = valueSerde };

    /// <summary>Names the topic.</summary>
    public static Repartitioned<TKey, TValue> As(string name) => new() { Name = name };

    /// <summary>These settings and a number of partitions.</summary>
    public Repartitioned<TKey, TValue> WithPartitions(int partitions) => this with { Partitions = partitions };

    /// <summary>These settings and a name.</summary>
    public Repartitioned<TKey, TValue> WithName(string name) => this with { Name = name };
}
