using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.State;

/// <summary>Makes stores for processors; add them with <c>StreamsBuilder.AddStateStore</c>.</summary>
public static class Stores
{
    /// <summary>A key-value store, got as <see cref="IKeyValueStore{TKey,TValue}"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="keySerde">Null: the built-in serde of the type.</param>
    /// <param name="valueSerde">Null: the built-in serde of the type.</param>
    public static StoreBuilder KeyValue<TKey, TValue>(string name, Serde<TKey>? keySerde = null, Serde<TValue>? valueSerde = null) =>
        KeyValue(StoreKind.KeyValue, name, keySerde, valueSerde);

    /// <summary>A key-value store that keeps a time with each value, got as <see cref="ITimestampedKeyValueStore{TKey,TValue}"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="keySerde">Null: the built-in serde of the type.</param>
    /// <param name="valueSerde">Null: the built-in serde of the type.</param>
    public static StoreBuilder TimestampedKeyValue<TKey, TValue>(
        string name, Serde<TKey>? keySerde = null, Serde<TValue>? valueSerde = null) =>
        KeyValue(StoreKind.TimestampedKeyValue, name, keySerde, valueSerde);

    /// <summary>A window store with one row per key and start, got as <see cref="IWindowStore{TKey,TValue}"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="retention">How long rows are seen behind the newest start.</param>
    /// <param name="windowSize">The size of its windows.</param>
    /// <param name="keySerde">Null: the built-in serde of the type.</param>
    /// <param name="valueSerde">Null: the built-in serde of the type.</param>
    public static StoreBuilder Window<TKey, TValue>(
        string name, TimeSpan retention, TimeSpan windowSize, Serde<TKey>? keySerde = null, Serde<TValue>? valueSerde = null) =>
        new WindowStoreBuilder<TKey, TValue>(
            new StoreDescriptor
            {
                Name = Names.Check(name, "store"),
                Kind = StoreKind.Window,
                RetentionMs = (long)retention.TotalMilliseconds,
            },
            SerdeOf.Key(keySerde, name),
            SerdeOf.Value(valueSerde, name),
            (long)windowSize.TotalMilliseconds);

    /// <summary>A session store, got as <see cref="ISessionStore{TKey,TValue}"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="retention">How long rows are seen behind the newest end.</param>
    /// <param name="keySerde">Null: the built-in serde of the type.</param>
    /// <param name="valueSerde">Null: the built-in serde of the type.</param>
    public static StoreBuilder Session<TKey, TValue>(
        string name, TimeSpan retention, Serde<TKey>? keySerde = null, Serde<TValue>? valueSerde = null) =>
        new SessionStoreBuilder<TKey, TValue>(
            new StoreDescriptor
            {
                Name = Names.Check(name, "store"),
                Kind = StoreKind.Session,
                RetentionMs = (long)retention.TotalMilliseconds,
            },
            SerdeOf.Key(keySerde, name),
            SerdeOf.Value(valueSerde, name));

    private static KeyValueStoreBuilder<TKey, TValue> KeyValue<TKey, TValue>(
        StoreKind kind, string name, Serde<TKey>? keySerde, Serde<TValue>? valueSerde) =>
        new(
            new StoreDescriptor { Name = Names.Check(name, "store"), Kind = kind },
            SerdeOf.Key(keySerde, name),
            SerdeOf.Value(valueSerde, name));
}
