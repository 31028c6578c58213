using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>
/// Rows held back, by (buffer time, key bytes). A later update of a key replaces the value and keeps the place. Kept in memory; rows
/// changed since the last commit are written down at each commit, and read back when the buffer is first used after a restart.
/// </summary>
internal sealed class SuppressBuffer<TKey, TValue>(
    StoreDescriptor descriptor, StoreSerdes<TKey, TValue> serdes, IBytesStore bytes, IChangelogWriter? changelog)
    : StateStore(descriptor)
{
    /// <summary>Fixed bytes of a row as Kafka Streams counts them: buffer time, timestamp, offset, partition.</summary>
    private const int RowOverhead = 8 + 8 + 8 + 4;

    private readonly SortedDictionary<BufferKey, BufferedRow<TKey, TValue>> _rows = new(Comparer<BufferKey>.Create(Compare));
    private readonly Dictionary<byte[], BufferKey> _index = new(ByteArrayComparer.Instance);
    private readonly HashSet<byte[]> _dirty = new(ByteArrayComparer.Instance);
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();
    private bool _isLoaded;

    public int Count
    {
        get
        {
            Load();
            return _rows.Count;
        }
    }

    /// <summary>Whether to keep count of bytes, which costs serialising each value as it comes.</summary>
    public bool CountsBytes { get; set; }

    public long SizeInBytes { get; private set; }

    /// <summary>Smallest buffer time; there must be a row.</summary>
    public long FirstTime => _rows.First().Key.Time;

    public void Put(long time, in Record<TKey, Change<TValue>> record, RecordPosition position)
    {
        Load();
        serdes.WriteKey(record.Key!, _key);
        var keyBytes = _key.WrittenSpan.ToArray();
        var change = record.Value;
        var row = new BufferedRow<TKey, TValue>
        {
            Key = record.Key!,
            Change = change,
            HasPrior = change.HasOld,
            Prior = change.Old,
            Timestamp = record.Timestamp,
            Headers = record.Headers,
            Position = position,
        };
        if (_index.TryGetValue(keyBytes, out var place))
        {
            var earlier = _rows[place];
            row = row with { HasPrior = earlier.HasPrior, Prior = earlier.Prior };
            SizeInBytes -= earlier.SizeInBytes;
        }
        else
        {
            place = new BufferKey(time, keyBytes);
            _index.Add(keyBytes, place);
        }

        row = row with { SizeInBytes = SizeOf(keyBytes, in row) };
        SizeInBytes += row.SizeInBytes;
        _rows[place] = row;
        _dirty.Add(keyBytes);
    }

    public BufferedRow<TKey, TValue> TakeFirst()
    {
        var (place, row) = _rows.First();
        _rows.Remove(place);
        _index.Remove(place.KeyBytes);
        _dirty.Add(place.KeyBytes);
        SizeInBytes -= row.SizeInBytes;
        return row;
    }

    /// <summary>The row of a key as it was before it was held back.</summary>
    /// <returns>False when the key is not held back.</returns>
    public bool TryGetPrior(TKey key, out bool exists, out TValue? prior)
    {
        Load();
        serdes.WriteKey(key, _key);
        if (_index.TryGetValue(_key.WrittenSpan.ToArray(), out var place))
        {
            var row = _rows[place];
            (exists, prior) = (row.HasPrior, row.Prior);
            return true;
        }

        (exists, prior) = (false, default);
        return false;
    }

    public override void Flush()
    {
        foreach (var keyBytes in _dirty)
        {
            if (_index.TryGetValue(keyBytes, out var place))
            {
                var row = _rows[place];
                BufferRowFormat.Write(in row, place.Time, serdes, _value);
                bytes.Put(keyBytes, _value.WrittenSpan);
                changelog?.Append(keyBytes, true, _value.WrittenSpan, row.Timestamp, BufferRowFormat.VersionHeader);
            }
            else
            {
                bytes.Delete(keyBytes);
                changelog?.Append(keyBytes, false, default, 0);
            }
        }

        _dirty.Clear();
    }

    public override void Dispose()
    {
        _key.Dispose();
        _value.Dispose();
        bytes.Dispose();
    }

    private static int Compare(BufferKey x, BufferKey y) =>
        x.Time != y.Time ? x.Time.CompareTo(y.Time) : x.KeyBytes.AsSpan().SequenceCompareTo(y.KeyBytes);

    private void Load()
    {
        if (_isLoaded)
        {
            return;
        }

        _isLoaded = true;
        using var rows = bytes.Range([], []);
        while (rows.MoveNext())
        {
            var keyBytes = rows.Key.ToArray();
            var row = BufferRowFormat.Read(serdes.ReadKey(keyBytes), rows.Value, serdes, out var time);
            row = row with { SizeInBytes = SizeOf(keyBytes, in row) };
            var place = new BufferKey(time, keyBytes);
            _index.Add(keyBytes, place);
            _rows.Add(place, row);
            SizeInBytes += row.SizeInBytes;
        }
    }

    private long SizeOf(byte[] keyBytes, in BufferedRow<TKey, TValue> row)
    {
        if (!CountsBytes)
        {
            return 0;
        }

        var size = RowOverhead + keyBytes.Length + (row.Position.Topic?.Length ?? 0L) + SizeOf(row.Change.HasNew, row.Change.New);
        foreach (ref readonly var header in row.Headers.AsSpan())
        {
            size += header.Key.Length + (header.Value?.Length ?? 0);
        }

        var prior = SizeOf(row.HasPrior, row.Prior);
        if (!row.Change.HasOld)
        {
            return size + prior;
        }

        var priorBytes = row.HasPrior ? Bytes(row.Prior!) : null;
        var oldBytes = Bytes(row.Change.Old!);
        return size + prior + (priorBytes is not null && priorBytes.AsSpan().SequenceEqual(oldBytes) ? 0 : oldBytes.Length);
    }

    private long SizeOf(bool exists, TValue? value) => exists ? Bytes(value!).Length : 0;

    private byte[] Bytes(TValue value)
    {
        serdes.WriteValue(value, 0, false, _value);
        return _value.WrittenSpan.ToArray();
    }

    private readonly record struct BufferKey(long Time, byte[] KeyBytes);
}
