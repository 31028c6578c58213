using System.Buffers.Binary;
using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// Collects restored rows: the last one of a key wins, and the distinct keys come out sorted, as table files want them. A hash table over
/// flat arrays; sorting compares eight bytes behind the prefix that all keys share, and whole keys only among equals.
/// </summary>
internal sealed class RestoreBuffer
{
    private int[] _buckets = new int[1 << 12];
    private Row[] _rows = new Row[1 << 11];
    private byte[] _bytes = new byte[1 << 16];
    private int _byteCount;

    /// <summary>Distinct keys.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes taken.</summary>
    public long SizeInBytes => _byteCount;

    public void Clear()
    {
        Array.Clear(_buckets);
        (Count, _byteCount) = (0, 0);
    }

    /// <summary>Sets the row of a key.</summary>
    /// <param name="key">The key as the family keeps it.</param>
    /// <param name="prefix">Bytes that go in front of the value (the timestamp), or none.</param>
    /// <param name="hasValue">False for a delete.</param>
    /// <param name="value">The value.</param>
    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix, bool hasValue, ReadOnlySpan<byte> value)
    {
        ref var row = ref FindOrAdd(key);
        if (!hasValue)
        {
            row.ValueLength = -1;
            return;
        }

        var length = prefix.Length + value.Length;
        if (length > row.ValueCapacity)
        {
            row.Value = Reserve(length);
            row.ValueCapacity = length;
        }

        prefix.CopyTo(_bytes.AsSpan(row.Value));
        value.CopyTo(_bytes.AsSpan(row.Value + prefix.Length));
        row.ValueLength = length;
    }

    /// <summary>Adds all rows, sorted, to a batch.</summary>
    public void CopyTo(WriteBatch batch, ColumnFamilyHandle family)
    {
        foreach (var index in Sorted())
        {
            ref var row = ref _rows[index];
            if (row.ValueLength < 0)
            {
                batch.Delete(KeyOf(in row), family);
            }
            else
            {
                batch.Put(KeyOf(in row), _bytes.AsSpan(row.Value, row.ValueLength), family);
            }
        }
    }

    /// <summary>Adds all rows, sorted, to a table file.</summary>
    public void CopyTo(SstFileWriter file)
    {
        foreach (var index in Sorted())
        {
            ref var row = ref _rows[index];
            if (row.ValueLength < 0)
            {
                file.Delete(KeyOf(in row));
            }
            else
            {
                file.Put(KeyOf(in row), _bytes.AsSpan(row.Value, row.ValueLength));
            }
        }
    }

    private int[] Sorted()
    {
        var order = new int[Count];
        if (Count == 0)
        {
            return order;
        }

        var shared = SharedPrefix();
        var digits = new ulong[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            digits[i] = Digits(KeyOf(in _rows[i])[shared..]);
        }

        Array.Sort(digits, order);
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && digits[end] == digits[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                order.AsSpan(start, end - start).Sort((a, b) => KeyOf(in _rows[a]).SequenceCompareTo(KeyOf(in _rows[b])));
            }

            start = end;
        }

        return order;
    }

    private int SharedPrefix()
    {
        var first = KeyOf(in _rows[0]);
        var shared = first.Length;
        for (var i = 1; i < Count && shared > 0; i++)
        {
            shared = first[..shared].CommonPrefixLength(KeyOf(in _rows[i]));
        }

        return shared;
    }

    private static ulong Digits(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private ref Row FindOrAdd(ReadOnlySpan<byte> key)
    {
        var hash = HashOf(key);
        for (var index = _buckets[hash & (uint)(_buckets.Length - 1)] - 1; index >= 0; index = _rows[index].Next)
        {
            if (_rows[index].Hash == hash && KeyOf(in _rows[index]).SequenceEqual(key))
            {
                return ref _rows[index];
            }
        }

        if (Count == _rows.Length)
        {
            Grow();
        }

        var keyAt = Reserve(key.Length);
        key.CopyTo(_bytes.AsSpan(keyAt));
        ref var bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        _rows[Count] = new Row { Hash = hash, Next = bucket - 1, Key = keyAt, KeyLength = key.Length, ValueLength = -1 };
        bucket = ++Count;
        return ref _rows[Count - 1];
    }

    private void Grow()
    {
        Array.Resize(ref _rows, 2 * _rows.Length);
        _buckets = new int[2 * _rows.Length];
        for (var i = 0; i < Count; i++)
        {
            ref var bucket = ref _buckets[_rows[i].Hash & (uint)(_buckets.Length - 1)];
            _rows[i].Next = bucket - 1;
            bucket = i + 1;
        }
    }

    private int Reserve(int length)
    {
        var at = _byteCount;
        _byteCount = checked(_byteCount + length);
        if (_byteCount > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_byteCount, 2L * _bytes.Length)));
        }

        return at;
    }

    private ReadOnlySpan<byte> KeyOf(in Row row) => _bytes.AsSpan(row.Key, row.KeyLength);

    private static uint HashOf(ReadOnlySpan<byte> key)
    {
        var hash = 14695981039346656037UL ^ (uint)key.Length;
        while (key.Length >= sizeof(ulong))
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
            key = key[sizeof(ulong)..];
        }

        foreach (var b in key)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        hash *= 0x9E3779B97F4A7C15;
        return (uint)(hash >> 32);
    }

    private struct Row
    {
        public uint Hash;
        public int Next;
        public int Key;
        public int KeyLength;
        public int Value;
        public int ValueLength;
        public int ValueCapacity;
    }
}
