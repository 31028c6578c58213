using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.State;

/// <summary>Key to (timestamp, value): the store of a table. Who does not care for the times reads it as key to value.</summary>
internal sealed class TableStore<TKey, TValue>(StoreDescriptor descriptor, KeyValueRows<TKey, TValue> rows)
    : StateStore(descriptor), ITimestampedKeyValueStore<TKey, TValue>, IReadOnlyKeyValueStore<TKey, TValue>
{
    /// <summary>The cached rows, for operators that read and write a key with one probe.</summary>
    public KeyValueRows<TKey, TValue> Rows => rows;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out ValueAndTimestamp<TValue> value)
    {
        ref var row = ref rows.Get(key);
        value = new(row.Value!, row.Timestamp);
        return row.HasValue;
    }

    public void Put(TKey key, TValue? value, long timestamp) => rows.Put(key, value is not null, value, timestamp);

    public bool Remove(TKey key)
    {
        ref var row = ref rows.Get(key);
        var existed = row.HasValue;
        rows.Put(key, false, default, row.Timestamp);
        return existed;
    }

    public IEnumerable<KeyValuePair<TKey, ValueAndTimestamp<TValue>>> All(bool descending = false) => Pairs([], [], descending);

    public IEnumerable<KeyValuePair<TKey, ValueAndTimestamp<TValue>>> Range(TKey from, TKey to, bool descending = false) =>
        Pairs(rows.KeyBytes(from), ByteKeys.After(rows.KeyBytes(to)), descending);

    public IEnumerable<KeyValuePair<TKey, ValueAndTimestamp<TValue>>> From(TKey from, bool descending = false) =>
        Pairs(rows.KeyBytes(from), [], descending);

    public IEnumerable<KeyValuePair<TKey, ValueAndTimestamp<TValue>>> UpTo(TKey to, bool descending = false) =>
        Pairs([], ByteKeys.After(rows.KeyBytes(to)), descending);

    public IEnumerable<KeyValuePair<TKey, ValueAndTimestamp<TValue>>> Prefix(ReadOnlyMemory<byte> prefix) =>
        Pairs(prefix.ToArray(), ByteKeys.AfterPrefix(prefix.Span), false);

    bool IReadOnlyKeyValueStore<TKey, TValue>.TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ref var row = ref rows.Get(key);
        value = row.Value;
        return row.HasValue;
    }

    IEnumerable<KeyValuePair<TKey, TValue>> IReadOnlyKeyValueStore<TKey, TValue>.All(bool descending) => Values(All(descending));

    IEnumerable<KeyValuePair<TKey, TValue>> IReadOnlyKeyValueStore<TKey, TValue>.Range(TKey from, TKey to, bool descending) =>
        Values(Range(from, to, descending));

    IEnumerable<KeyValuePair<TKey, TValue>> IReadOnlyKeyValueStore<TKey, TValue>.From(TKey from, bool descending) =>
        Values(From(from, descending));

    IEnumerable<KeyValuePair<TKey, TValue>> IReadOnlyKeyValueStore<TKey, TValue>.UpTo(TKey to, bool descending) =>
        Values(UpTo(to, descending));

    IEnumerable<KeyValuePair<TKey, TValue>> IReadOnlyKeyValueStore<TKey, TValue>.Prefix(ReadOnlyMemory<byte> prefix) =>
        Values(Prefix(prefix));

    public override void Flush() => rows.Flush();

    public override void Dispose() => rows.Dispose();

    private static IEnumerable<KeyValuePair<TKey, TValue>> Values(IEnumerable<KeyValuePair<TKey, ValueAndTimestamp<TValue>>> pairs) =>
        pairs.Select(static pair => new KeyValuePair<TKey, TValue>(pair.Key, pair.Value.Value));

    private IEnumerable<KeyValuePair<TKey, ValueAndTimestamp<TValue>>> Pairs(byte[] from, byte[] to, bool descending)
    {
        foreach (var (key, value, timestamp) in rows.Range(from, to, descending))
        {
            yield return new(key, new(value, timestamp));
        }
    }
}
