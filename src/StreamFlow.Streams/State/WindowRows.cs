using System.Buffers.Binary;
using System.Runtime.InteropServices;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>
/// The typed write-back cache over the rows of windows: an update costs one hash probe, bytes are written once per row and flush.
/// Store keys are Kafka Streams': key, int64 start, int32 sequence (always 0 here).
/// </summary>
internal sealed class WindowRows<TKey, TValue> : IDisposable
{
    /// <summary>Bytes behind the key: start and sequence.</summary>
    public const int SuffixLength = sizeof(long) + sizeof(int);

    private readonly StoreDescriptor _descriptor;
    private readonly StoreSerdes<TKey, TValue> _serdes;
    private readonly ITimedBytesStore _bytes;
    private readonly IChangelogWriter? _changelog;
    private readonly CacheRoom _room;
    private readonly Dictionary<WindowKey<TKey>, Row<TValue>> _rows;
    private readonly List<WindowKey<TKey>> _dirty = [];
    private readonly bool _timestamped;
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();
    private long _observed = -1;

    public WindowRows(
        StoreDescriptor descriptor, StoreSerdes<TKey, TValue> serdes, ITimedBytesStore bytes, IChangelogWriter? changelog, CacheRoom room)
    {
        _descriptor = descriptor;
        _serdes = serdes;
        _bytes = bytes;
        _changelog = changelog;
        _room = room;
        _timestamped = descriptor.IsTimestamped;
        var inner = KeyComparers.For(serdes.KeySerde);
        _rows = new(inner is null ? null : new WindowKeyComparer<TKey>(inner));
    }

    /// <summary>Newest start ever put, in ms; -1 before the first.</summary>
    public long Observed => Math.Max(_observed, _bytes.NewestTime);

    /// <summary>Rows with an earlier start are not seen any more.</summary>
    public long VisibleFrom => Math.Max(0, Observed - _descriptor.RetentionMs + (KeepsBoundary ? 0 : 1));

    /// <summary>Whether the row exactly as old as the retention is still seen, as in the stores of windows emitted on close.</summary>
    public bool KeepsBoundary { get; set; }

    /// <summary>Rows from this start on are kept even when they are not visible any more; for windows that wait to be emitted.</summary>
    public long KeepFrom { get; set; } = long.MaxValue;

    /// <summary>The row of a window. The reference is valid until the next call; after changing it, call <see cref="MarkDirty"/>.</summary>
    public ref Row<TValue> Get(TKey key, long start)
    {
        var windowKey = new WindowKey<TKey>(key, start);
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, windowKey, out var exists);
        if (!exists)
        {
            if (_rows.Count > _room.Rows && !_room.TryGrow())
            {
                Flush();
                _rows.Clear();
                _room.Empty();
                row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, windowKey, out _);
            }

            Load(key, start, ref row);
        }

        return ref row;
    }

    public void MarkDirty(TKey key, long start, ref Row<TValue> row)
    {
        _observed = Math.Max(_observed, start);
        if (!row.IsDirty)
        {
            row.IsDirty = true;
            _dirty.Add(new(key, start));
        }
    }

    public void Put(TKey key, long start, bool hasValue, TValue? value, long timestamp)
    {
        ref var row = ref Get(key, start);
        row.HasValue = hasValue;
        row.Value = value;
        row.Timestamp = timestamp;
        MarkDirty(key, start, ref row);
    }

    /// <summary>The rows of a key in order of their start, whether visible or not. Dirty rows are written down first.</summary>
    public List<(long Start, TValue Value, long Timestamp)> Fetch(TKey key, long from, long to)
    {
        Flush();
        var found = new List<(long, TValue, long)>();
        if (from > to || to < 0)
        {
            return found;
        }

        WriteKey(key, Math.Max(0, from));
        var first = _key.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64BigEndian(_key.WrittenSpanForPatch[^SuffixLength..], to);
        BinaryPrimitives.WriteInt32BigEndian(_key.WrittenSpanForPatch[^sizeof(int)..], -1);
        var inner = first.AsSpan(0, first.Length - SuffixLength);
        using var rows = _bytes.Range(first, ByteKeys.After(_key.WrittenSpan.ToArray()), Math.Max(0, from), to);
        while (rows.MoveNext())
        {
            if (rows.Key.Length == first.Length && rows.Key.StartsWith(inner))
            {
                var start = BinaryPrimitives.ReadInt64BigEndian(rows.Key[^SuffixLength..]);
                var value = _serdes.ReadValue(rows.Value, _timestamped, out var timestamp);
                if (start >= from && start <= to)
                {
                    found.Add((start, value, _timestamped ? timestamp : start));
                }
            }
        }

        return found;
    }

    /// <summary>All rows in order of the keys' bytes, then of their start, whether visible or not.</summary>
    public IEnumerable<(TKey Key, long Start, TValue Value, long Timestamp)> All()
    {
        Flush();
        using var rows = _bytes.Range([], [], 0, long.MaxValue);
        while (rows.MoveNext())
        {
            var start = BinaryPrimitives.ReadInt64BigEndian(rows.Key[^SuffixLength..]);
            var value = _serdes.ReadValue(rows.Value, _timestamped, out var timestamp);
            yield return (_serdes.ReadKey(rows.Key[..^SuffixLength]), start, value, _timestamped ? timestamp : start);
        }
    }

    /// <summary>The bytes of a key, as they order rows of the same start.</summary>
    public byte[] KeyBytes(TKey key)
    {
        _serdes.WriteKey(key, _key);
        return _key.WrittenSpan.ToArray();
    }

    public void Flush()
    {
        foreach (var key in _dirty)
        {
            ref var row = ref CollectionsMarshal.GetValueRefOrNullRef(_rows, key);
            row.IsDirty = false;
            Write(key, in row);
        }

        _dirty.Clear();
        if (_room.ShouldYield())
        {
            _rows.Clear();
            _rows.TrimExcess();
            _room.Empty();
        }

        _bytes.ExpireBefore(Math.Min(VisibleFrom, KeepFrom));
    }

    public void Dispose()
    {
        _room.Dispose();
        _key.Dispose();
        _value.Dispose();
        _bytes.Dispose();
    }

    private void Load(TKey key, long start, ref Row<TValue> row)
    {
        WriteKey(key, start);
        _value.Clear();
        if (_bytes.TryGet(_key.WrittenSpan, start, _value))
        {
            row.Value = _serdes.ReadValue(_value.WrittenSpan, _timestamped, out var timestamp);
            row.Timestamp = _timestamped ? timestamp : start;
            row.HasValue = true;
        }
    }

    private void Write(in WindowKey<TKey> key, in Row<TValue> row)
    {
        WriteKey(key.Key, key.Start);
        if (!row.HasValue)
        {
            _bytes.Delete(_key.WrittenSpan, key.Start);
            _changelog?.Append(_key.WrittenSpan, false, default, row.Timestamp);
            return;
        }

        _serdes.WriteValue(row.Value!, row.Timestamp, _timestamped, _value);
        _room.Measure(_key.WrittenCount + _value.WrittenCount);
        _bytes.Put(_key.WrittenSpan, key.Start, _value.WrittenSpan);
        _changelog?.Append(_key.WrittenSpan, true, _timestamped ? _value.WrittenSpan[sizeof(long)..] : _value.WrittenSpan, row.Timestamp);
    }

    private void WriteKey(TKey key, long start)
    {
        _serdes.WriteKey(key, _key);
        ByteKeys.WriteTime(_key, start);
        _key.GetSpan(sizeof(int))[..sizeof(int)].Clear();
        _key.Advance(sizeof(int));
    }
}
