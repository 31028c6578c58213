using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// Collects restored rows and hands them out sorted, the last one of each key: as table files want them. Taking a row only appends it;
/// everything else is one sort, by the eight bytes behind the prefix that all keys share, and by whole keys only where these are equal.
/// That touches memory in order where a hash table would jump about in it for every row.
/// </summary>
/// <remarks>An entry is int32 key length, int32 value length (-1 for a delete), key, value; machine byte order.</remarks>
internal sealed class RestoreBuffer
{
    private const int HeaderBytes = 2 * sizeof(int);

    /// <summary>Rows that are looked up together when they are copied in order.</summary>
    private const int RowsAhead = 64;

    /// <summary>So much of each of them is looked at: a line of the processor's cache, and the next where the row goes on in it.</summary>
    private const int CommonRowBytes = 64;

    private byte[] _bytes = new byte[1 << 16];
    private int[] _entries = new int[1 << 11];
    private int _byteCount;

    /// <summary>Rows held; each key counts once after <see cref="Sort"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes taken.</summary>
    public long SizeInBytes => _byteCount;

    public void Clear() => (Count, _byteCount) = (0, 0);

    /// <summary>Takes a row; it replaces an earlier one of the same key.</summary>
    /// <param name="key">The key as the family keeps it.</param>
    /// <param name="prefix">Bytes that go in front of the value (the timestamp), or none.</param>
    /// <param name="hasValue">False for a delete.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix, bool hasValue, ReadOnlySpan<byte> value)
    {
        var valueLength = hasValue ? prefix.Length + value.Length : 0;
        var at = Reserve(HeaderBytes + key.Length + valueLength);
        var entry = _bytes.AsSpan(at, HeaderBytes + key.Length + valueLength);
        Unsafe.WriteUnaligned(ref entry[0], new Header(key.Length, hasValue ? valueLength : -1));
        key.CopyTo(entry[HeaderBytes..]);
        if (hasValue)
        {
            prefix.CopyTo(entry[(HeaderBytes + key.Length)..]);
            value.CopyTo(entry[(HeaderBytes + key.Length + prefix.Length)..]);
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * _entries.Length);
        }

        _entries[Count++] = at;
    }

    /// <summary>Sorts the rows by key and drops those that a later one replaces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sort()
    {
        var entries = _entries.AsSpan(0, Count);
        var (shared, longest) = Measure(entries);

        // The digits of short keys have room for the length: then they tell every key from every other.
        var areWholeKeys = longest - shared < sizeof(ulong);
        var digits = GC.AllocateUninitializedArray<ulong>(entries.Length);
        for (var i = 0; i < digits.Length; i++)
        {
            var rest = KeyOf(entries[i])[shared..];
            digits[i] = Digits(rest) | (areWholeKeys ? (uint)rest.Length : 0);
        }

        RadixSort.Sort(digits, entries);
        var kept = 0;
        for (var start = 0; start < digits.Length;)
        {
            var end = start + 1;
            while (end < digits.Length && digits[end] == digits[start])
            {
                end++;
            }

            if (areWholeKeys || end == start + 1)
            {
                entries[kept++] = entries[end - 1];
            }
            else
            {
                kept = KeepLast(entries, start, end, kept);
            }

            start = end;
        }

        Count = kept;
    }

    /// <summary>After <see cref="Sort"/>: gives back the memory of the rows that were dropped.</summary>
    public void Compact()
    {
        var bytes = new byte[_bytes.Length];
        var count = 0;
        foreach (ref var at in _entries.AsSpan(0, Count))
        {
            var entry = EntryAt(at);
            entry.CopyTo(bytes.AsSpan(count));
            at = count;
            count += entry.Length;
        }

        (_bytes, _byteCount) = (bytes, count);
    }

    /// <summary>Adds the sorted rows to a batch.</summary>
    public void CopyTo(WriteBatch batch, ColumnFamilyHandle family)
    {
        foreach (var at in _entries.AsSpan(0, Count))
        {
            if (HeaderOf(at).ValueLength < 0)
            {
                batch.Delete(KeyOf(at), family);
            }
            else
            {
                batch.Put(KeyOf(at), ValueOf(at), family);
            }
        }
    }

    /// <summary>Adds the sorted rows to a table file.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(SstFileWriter file)
    {
        // The rows lie anywhere in memory. Looking at many of them at once has the processor fetch them side by side, not one by one.
        Span<Header> headers = stackalloc Header[RowsAhead];
        for (var start = 0; start < Count; start += RowsAhead)
        {
            var rows = _entries.AsSpan(start, Math.Min(RowsAhead, Count - start));
            for (var i = 0; i < rows.Length; i++)
            {
                headers[i] = HeaderOf(rows[i]);
                _ = Volatile.Read(ref _bytes[Math.Min(rows[i] + CommonRowBytes, _byteCount) - 1]);
            }

            for (var i = 0; i < rows.Length; i++)
            {
                var header = headers[i];
                var key = _bytes.AsSpan(rows[i] + HeaderBytes, header.KeyLength);
                if (header.ValueLength < 0)
                {
                    file.Delete(key);
                }
                else
                {
                    file.Put(key, _bytes.AsSpan(rows[i] + HeaderBytes + header.KeyLength, header.ValueLength));
                }
            }
        }
    }

    private static ulong Digits(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        ulong digits = 0;
        for (var i = 0; i < key.Length; i++)
        {
            digits |= (ulong)key[i] << (56 - (8 * i));
        }

        return digits;
    }

    /// <summary>Of entries with equal digits, moves the last one of each key to the front, in the order of the keys.</summary>
    /// <returns>Entries kept so far.</returns>
    private int KeepLast(Span<int> entries, int start, int end, int kept)
    {
        var group = entries[start..end];
        if (!AreOneKey(group))
        {
            group.Sort((a, b) => KeyOf(a).SequenceCompareTo(KeyOf(b)));
        }

        for (var first = 0; first < group.Length;)
        {
            // The entry that was taken last stands furthest back in memory.
            var last = group[first];
            var next = first + 1;
            for (; next < group.Length && KeyOf(group[next]).SequenceEqual(KeyOf(group[first])); next++)
            {
                last = Math.Max(last, group[next]);
            }

            entries[kept++] = last;
            first = next;
        }

        return kept;
    }

    private bool AreOneKey(ReadOnlySpan<int> group)
    {
        var first = KeyOf(group[0]);
        foreach (var at in group[1..])
        {
            if (!KeyOf(at).SequenceEqual(first))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Bytes of the prefix that all keys share, and of the longest key.</summary>
    private (int Shared, int Longest) Measure(ReadOnlySpan<int> entries)
    {
        if (entries.IsEmpty)
        {
            return (0, 0);
        }

        var first = KeyOf(entries[0]);
        var (shared, longest) = (first.Length, first.Length);
        foreach (var at in entries[1..])
        {
            var key = KeyOf(at);
            longest = Math.Max(longest, key.Length);
            shared = first[..shared].CommonPrefixLength(key);
        }

        return (shared, longest);
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

    private Header HeaderOf(int at) => Unsafe.ReadUnaligned<Header>(ref _bytes[at]);

    private ReadOnlySpan<byte> KeyOf(int at) => _bytes.AsSpan(at + HeaderBytes, HeaderOf(at).KeyLength);

    private ReadOnlySpan<byte> ValueOf(int at)
    {
        var header = HeaderOf(at);
        return _bytes.AsSpan(at + HeaderBytes + header.KeyLength, header.ValueLength);
    }

    private ReadOnlySpan<byte> EntryAt(int at)
    {
        var header = HeaderOf(at);
        return _bytes.AsSpan(at, HeaderBytes + header.KeyLength + Math.Max(0, header.ValueLength));
    }

    private readonly record struct Header(int KeyLength, int ValueLength);
}
