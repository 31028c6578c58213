using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <summary>Makes the stores behind tables from what <see cref="Materialized{TKey,TValue}"/> says.</summary>
internal static class DslStores
{
    /// <summary>The store of a table without windows.</summary>
    public static StoreBuilder Table<TKey, TValue>(string name, Materialized<TKey, TValue> materialized, string? sourceTopic = null) =>
        materialized.HistoryRetention is { } history
            ? new VersionedStoreBuilder<TKey, TValue>(
                Describe(name, StoreKind.VersionedKeyValue, materialized) with
                {
                    SourceTopic = sourceTopic,
                    RetentionMs = Durations.NotNegative(history, "history retention"),
                },
                SerdeOf.Key(materialized.KeySerde, name),
                SerdeOf.Value(materialized.ValueSerde, name))
            : new KeyValueStoreBuilder<TKey, TValue>(
                Describe(name, StoreKind.TimestampedKeyValue, materialized) with { SourceTopic = sourceTopic },
                SerdeOf.Key(materialized.KeySerde, name),
                SerdeOf.Value(materialized.ValueSerde, name));

    /// <summary>The store of a table of time or sliding windows.</summary>
    public static StoreBuilder Window<TKey, TValue>(
        string name, Materialized<TKey, TValue> materialized, long retentionMs, long windowSizeMs) =>
        new WindowStoreBuilder<TKey, TValue>(
            Describe(name, StoreKind.TimestampedWindow, materialized) with { RetentionMs = retentionMs },
            SerdeOf.Key(materialized.KeySerde, name),
            SerdeOf.Value(materialized.ValueSerde, name),
            windowSizeMs);

    /// <summary>The store of a table of sessions.</summary>
    public static StoreBuilder Session<TKey, TValue>(string name, Materialized<TKey, TValue> materialized, long retentionMs) =>
        new SessionStoreBuilder<TKey, TValue>(
            Describe(name, StoreKind.Session, materialized) with { RetentionMs = retentionMs },
            SerdeOf.Key(materialized.KeySerde, name),
            SerdeOf.Value(materialized.ValueSerde, name));

    public static StoreDescriptor Describe<TKey, TValue>(string name, StoreKind kind, Materialized<TKey, TValue> materialized)
    {
        var descriptor = new StoreDescriptor
        {
            Name = name,
            Kind = kind,
            IsLogged = materialized.IsLogged,
            IsCached = materialized.CoalesceUpdates,
        };
        return materialized.ChangelogConfig is { } config ? descriptor with { ChangelogConfig = config } : descriptor;
    }
}
