using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>Key to value, without a time of its own; the changelog gets the time of the record that changed the row.</summary>
internal sealed class KeyValueStore<TKey, TValue>(StoreDescriptor descriptor, KeyValueRows<TKey, TValue> rows, TaskContext context)
    : StateStore(descriptor), IKeyValueStore<TKey, TValue>
{
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ref var row = ref rows.Get(key);
        value = row.Value;
        return row.HasValue;
    }

    public void Put(TKey key, TValue? value) => rows.Put(key, value is not null, value, context.RecordTime);

    public bool TryAdd(TKey key, TValue value, [MaybeNullWhen(true)] out TValue existing)
    {
        if (TryGet(key, out existing))
        {
            return false;
        }

        Put(key, value);
        return true;
    }

    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue removed)
    {
        if (!TryGet(key, out removed))
        {
            return false;
        }

        rows.Put(key, false, default, context.RecordTime);
        return true;
    }

    public IEnumerable<KeyValuePair<TKey, TValue>> All(bool descending = false) => Pairs([], [], descending);

    public IEnumerable<KeyValuePair<TKey, TValue>> Range(TKey from, TKey to, bool descending = false) =>
        Pairs(rows.KeyBytes(from), ByteKeys.After(rows.KeyBytes(to)), descending);

    public IEnumerable<KeyValuePair<TKey, TValue>> From(TKey from, bool descending = false) => Pairs(rows.KeyBytes(from), [], descending);

    public IEnumerable<KeyValuePair<TKey, TValue>> UpTo(TKey to, bool descending = false) =>
        Pairs([], ByteKeys.After(rows.KeyBytes(to)), descending);

    public IEnumerable<KeyValuePair<TKey, TValue>> Prefix(ReadOnlyMemory<byte> prefix) =>
        Pairs(prefix.ToArray(), ByteKeys.AfterPrefix(prefix.Span), false);

    public override void Flush() => rows.Flush();

    public override void Dispose() => rows.Dispose();

    private IEnumerable<KeyValuePair<TKey, TValue>> Pairs(byte[] from, byte[] to, bool descending)
    {
        foreach (var (key, value, _) in rows.Range(from, to, descending))
        {
            yield return new(key, value);
        }
    }
}
