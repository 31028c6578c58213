using StreamFlow.Streams.State;

namespace StreamFlow.Conformance.Streams;

/// <summary>Makes readers of stores by kind (FORMAT section 7).</summary>
internal static class StoreReaders
{
    public static StoreReader Table<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<ITimestampedKeyValueStore<TKey, TValue>>(name).All().Select(
            r => new object?[] { r.Key, r.Value.Value, r.Value.Timestamp }));

    public static StoreReader KeyValue<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<IKeyValueStore<TKey, TValue>>(name).All().Select(r => new object?[] { r.Key, r.Value }));

    public static StoreReader TimestampedWindow<TKey, TValue>(string name, DataType key, DataType value) =>
        new(name, key, value, (driver, _) =>
        driver.GetStore<IWindowStore<TKey, TValue>>(name).All().Select(
            r => new object?[] { r.Key.Key, r.Key.Window.Start, r.Value, r.Timestamp }));

    public static StoreReader Window<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<IWindowStore<TKey, TValue>>(name).All().Select(r => new object?[] { r.Key.Key, r.Key.Window.Start, r.Value }));

    public static StoreReader Session<TKey, TValue>(string name, DataType key, DataType value) => new(name, key, value, (driver, _) =>
        driver.GetStore<ISessionStore<TKey, TValue>>(name).All().Select(
            r => new object?[] { r.Key.Key, r.Key.Window.Start, r.Key.Window.End, r.Value }));

    /// <summary>The latest versions, and what a read as of the time of each event of the topic finds.</summary>
    public static StoreReader Versioned<TKey, TValue>(string name, string topic, DataType key, DataType value) =>
        new(name, key, value, (driver, events) =>
    {
        var store = driver.GetStore<IVersionedKeyValueStore<TKey, TValue>>(name);
        var own = events.Where(e => e.Text("topic") == topic).ToList();
        var times = own.Select(e => e.GetProperty("ts").GetInt64()).Distinct().ToList();
        return own.Where(e => e.TryGetProperty("key", out _)).Select(e => key.FromJson(e.GetProperty("key"))).OfType<TKey>().Distinct()
            .SelectMany(k => Versions(store, k, times));
    });

    private static IEnumerable<object?[]> Versions<TKey, TValue>(IVersionedKeyValueStore<TKey, TValue> store, TKey key, List<long> times)
    {
        yield return store.TryGet(key, out var latest) ? [key, "latest", latest.Value, latest.Timestamp] : [key, "latest", null];
        foreach (var time in times)
        {
            if (store.TryGetAsOf(key, time, out var version))
            {
                yield return [key, time, version.Value, version.Timestamp];
            }
        }
    }
}
