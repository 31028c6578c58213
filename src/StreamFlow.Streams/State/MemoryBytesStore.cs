using System.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>An ordered map in memory: a balanced tree of byte strings.</summary>
internal sealed class MemoryBytesStore : IBytesStore
{
    private readonly SortedSet<Entry> _entries = new(Comparer<Entry>.Create((x, y) => x.Key.AsSpan().SequenceCompareTo(y.Key)));

    public bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> value)
    {
        if (!_entries.TryGetValue(new Entry(key.ToArray()), out var found))
        {
            return false;
        }

        value.Write(found.Value);
        return true;
    }

    void IBytesStore.Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Put(key, value);

    /// <summary>Inserts or replaces.</summary>
    /// <returns>Whether the key is new.</returns>
    public bool Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var entry = new Entry(key.ToArray()) { Value = value.ToArray() };
        if (_entries.Add(entry))
        {
            return true;
        }

        _entries.TryGetValue(entry, out var existing);
        existing!.Value = entry.Value;
        return false;
    }

    public void Delete(ReadOnlySpan<byte> key) => _entries.Remove(new Entry(key.ToArray()));

    public IBytesIterator Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, bool descending = false)
    {
        if (_entries.Count == 0 || (!to.IsEmpty && from.SequenceCompareTo(to) >= 0))
        {
            return new MemoryIterator([]);
        }

        var first = from.IsEmpty ? _entries.Min! : new Entry(from.ToArray());
        var end = to.IsEmpty ? _entries.Max! : new Entry(to.ToArray());
        if (first.Key.AsSpan().SequenceCompareTo(end.Key) > 0)
        {
            return new MemoryIterator([]);
        }

        var found = new List<Entry>(_entries.GetViewBetween(first, end));
        if (!to.IsEmpty && found.Count > 0 && to.SequenceEqual(found[^1].Key))
        {
            found.RemoveAt(found.Count - 1);
        }

        if (descending)
        {
            found.Reverse();
        }

        return new MemoryIterator(found);
    }

    public void Dispose() => _entries.Clear();

    private sealed class Entry(byte[] key)
    {
        public byte[] Key { get; } = key;

        public byte[] Value { get; set; } = [];
    }

    private sealed class MemoryIterator(List<Entry> entries) : IBytesIterator
    {
        private int _index = -1;

        public ReadOnlySpan<byte> Key => entries[_index].Key;

        public ReadOnlySpan<byte> Value => entries[_index].Value;

        public bool MoveNext() => ++_index < entries.Count;

        public void Dispose()
        {
        }
    }
}
