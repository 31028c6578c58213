using StreamFlow.Streams.State;

namespace StreamFlow.Conformance.Streams;

/// <summary>Makes readers of stores by kind (FORMAT section 7).</summary>
internal static class StoreReaders
{
    public static StoreReader Table<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<ITimestampedKeyValueStore<TKey, TValue>>(name).All().Select(r => new object?[] { r.Key, r.Value.Value, r.Value.Timestamp }));

    public static StoreReader KeyValue<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<IKeyValueStore<TKey, TValue>>(name).All().Select(r => new object?[] { r.Key, r.Value }));

    public static StoreReader TimestampedWindow<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<IWindowStore<TKey, TValue>>(name).All().Select(r => new object?[] { r.Key.Key, r.Key.Window.Start, r.Value, r.Timestamp }));

    public static StoreReader Window<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<IWindowStore<TKey, TValue>>(name).All().Select(r => new object?[] { r.Key.Key, r.Key.Window.Start, r.Value }));

    public static StoreReader Session<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<ISessionStore<TKey, TValue>>(name).All().Select(r => new object?[] { r.Key.Key, r.Key.Window.Start, r.Key.Window.End, r.Value }));

    public static StoreReader Versioned<TKey, TValue>(string name, string topic, DataType key, DataType value) => new(name, key, value, (_, _) =>
        throw new NotSupportedException($"the versioned store of {topic}"));
}
