using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Dsl;

/// <summary>How a topic is written.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed record Produced<TKey, TValue>
{
    /// <summary>Writes keys; null: that of the stream, else the built-in serde of the type.</summary>
    public Serde<TKey>? KeySerde { get; init; }

    /// <summary>Writes values; null: that of the stream, else the built-in serde of the type.</summary>
    public Serde<TValue>? ValueSerde { get; init; }

    /// <summary>Chooses partitions; null: the hash of the key's bytes.</summary>
    public Partitioner<TKey, TValue>? Partitioner { get; init; }

    /// <summary>The operator's name; null to generate one.</summary>
    public string? Name { get; init; }

    /// <summary>Writes with these serdes.</summary>
    public static Produced<TKey, TValue> With(Serde<TKey>? keySerde, Serde<TValue>? valueSerde) =>
        new() { KeySerde = keySerde, ValueSerde = valueSerde };

    /// <summary>Names the operator.</summary>
    public static Produced<TKey, TValue> As(string name) => new() { Name = name };

    /// <summary>These settings and another partitioner.</summary>
    public Produced<TKey, TValue> WithPartitioner(Partitioner<TKey, TValue> partitioner) => this with { Partitioner = partitioner };

    /// <summary>These settings and a name.</summary>
    public Produced<TKey, TValue> WithName(string name) => this with { Name = name };
}
