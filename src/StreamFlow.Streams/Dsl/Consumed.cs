using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Dsl;

/// <summary>How a topic is read.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed record Consumed<TKey, TValue>
{
    /// <summary>Reads keys; null: the built-in serde of the type.</summary>
    public Serde<TKey>? KeySerde { get; init; }

    /// <summary>Reads values; null: the built-in serde of the type.</summary>
    public Serde<TValue>? ValueSerde { get; init; }

    /// <summary>Tells the time of records; null: their timestamp, which must not be negative.</summary>
    public TimestampExtractor<TKey, TValue>? TimestampExtractor { get; init; }

    /// <summary>Where to begin without a committed offset.</summary>
    public OffsetReset OffsetReset { get; init; }

    /// <summary>The operator's name; null to generate one.</summary>
    public string? Name { get; init; }

    /// <summary>Reads with these serdes.</summary>
    public static Consumed<TKey, TValue> With(Serde<TKey>? keySerde, Serde<TValue>? valueSerde) =>
        new() { KeySerde = keySerde, ValueSerde = valueSerde };

    /// <summary>Names the operator.</summary>
    public static Consumed<TKey, TValue> As(string name) => new() { Name = name };

    /// <summary>These settings and another timestamp extractor.</summary>
    public Consumed<TKey, TValue> WithTimestampExtractor(TimestampExtractor<TKey, TValue> extractor) =>
        this with { TimestampExtractor = extractor };

    /// <summary>These settings and another start.</summary>
    public Consumed<TKey, TValue> WithOffsetReset(OffsetReset reset) => this with { OffsetReset = reset };

    /// <summary>These settings and a name.</summary>
    public Consumed<TKey, TValue> WithName(string name) => this with { Name = name };
}
