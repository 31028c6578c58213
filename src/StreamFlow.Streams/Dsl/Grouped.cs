using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Dsl;

/// <summary>How records are regrouped.</summary>
/// <typeparam name="TKey">The new key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed record Grouped<TKey, TValue>
{
    /// <summary>
    /// Writes keys to the repartition topic; null: that of the stream if the key is kept, else the built-in serde of the type.
    /// </summary>
    public Serde<TKey>? KeySerde { get; init; }

    /// <summary>Writes values to the repartition topic; null: that of the stream, else the built-in serde of the type.</summary>
    public Serde<TValue>? ValueSerde { get; init; }

    /// <summary>The repartition topic's name without prefix and suffix; null to name it after the store.</summary>
    public string? Name { get; init; }

    /// <summary>Groups with these serdes.</summary>
    public static Grouped<TKey, TValue> With(Serde<TKey>? keySerde, Serde<TValue>? valueSerde) =>
        new() { KeySerde = keySerde, ValueSerde = valueSerde };

    /// <summary>Names the repartition topic.</summary>
    public static Grouped<TKey, TValue> As(string name) => new() { Name = name };

    /// <summary>These settings and a name.</summary>
    public Grouped<TKey, TValue> WithName(string name) => this with { Name = name };
}
