using System.Runtime.InteropServices;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>
/// The typed write-back cache over a bytes store: an update costs one hash probe; bytes are written once per key and flush, in
/// the order in which the keys were first changed. Absent keys are cached too, so that a new key asks the bytes store once.
/// </summary>
internal sealed class KeyValueRows<TKey, TValue>(
    StoreDescriptor descriptor,
    StoreSerdes<TKey, TValue> serdes,
    IBytesStore bytes,
    IChangelogWriter? changelog,
    CacheRoom room) : IDisposable
{
    private readonly Dictionary<TKey, Row<TValue>> _rows = new(KeyComparers.For(serdes.KeySerde));
    private readonly List<TKey> _dirty = [];
    private readonly bool _timestamped = descriptor.IsTimestamped;
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();

    public StoreSerdes<TKey, TValue> Serdes => serdes;

    public IBytesStore Bytes => bytes;

    /// <summary>
    /// The row of a key, read from the bytes store at first touch. The reference is valid until the next call on this object;
    /// after changing it, call <see cref="MarkDirty"/>.
    /// </summary>
    public ref Row<TValue> Get(TKey key)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out var exists);
        if (!exists)
        {
            if (_rows.Count > room.Rows && !room.TryGrow())
            {
                Flush();
                _rows.Clear();
                room.Empty();
                row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out _);
            }

            Load(key, ref row);
        }

        return ref row;
    }

    /// <summary>Says that the row was changed.</summary>
    public void MarkDirty(TKey key, ref Row<TValue> row)
    {
        if (!row.IsDirty)
        {
            row.IsDirty = true;
            _dirty.Add(key);
        }
    }

    public void Put(TKey key, bool hasValue, TValue? value, long timestamp)
    {
        ref var row = ref Get(key);
        row.HasValue = hasValue;
        row.Value = value;
        row.Timestamp = timestamp;
        MarkDirty(key, ref row);
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
        if (room.ShouldYield())
        {
            _rows.Clear();
            _rows.TrimExcess();
            room.Empty();
        }
    }

    /// <summary>Rows of a range of serialised keys; dirty rows are written down first, so that the bytes store has them all.</summary>
    /// <param name="from">First key, inclusive; empty from the first.</param>
    /// <param name="to">End, exclusive; empty to the last.</param>
    /// <param name="descending">Whether to go backwards.</param>
    public IEnumerable<(TKey Key, TValue Value, long Timestamp)> Range(byte[] from, byte[] to, bool descending)
    {
        Flush();
        using var rows = bytes.Range(from, to, descending);
        while (rows.MoveNext())
        {
            yield return (serdes.ReadKey(rows.Key), serdes.ReadValue(rows.Value, _timestamped, out var timestamp), timestamp);
        }
    }

    public byte[] KeyBytes(TKey key)
    {
        serdes.WriteKey(key, _key);
        return _key.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        room.Dispose();
        _key.Dispose();
        _value.Dispose();
        bytes.Dispose();
    }

    private void Load(TKey key, ref Row<TValue> row)
    {
        serdes.WriteKey(key, _key);
        _value.Clear();
        if (bytes.TryGet(_key.WrittenSpan, _value))
        {
            row.Value = serdes.ReadValue(_value.WrittenSpan, _timestamped, out row.Timestamp);
            row.HasValue = true;
        }
    }

    private void Write(TKey key, in Row<TValue> row)
    {
        serdes.WriteKey(key, _key);
        if (!row.HasValue)
        {
            bytes.Delete(_key.WrittenSpan);
            changelog?.Append(_key.WrittenSpan, false, default, row.Timestamp);
            return;
        }

        serdes.WriteValue(row.Value!, row.Timestamp, _timestamped, _value);
        room.Measure(_key.WrittenCount + _value.WrittenCount);
        bytes.Put(_key.WrittenSpan, _value.WrittenSpan);
        changelog?.Append(_key.WrittenSpan, true, _timestamped ? _value.WrittenSpan[sizeof(long)..] : _value.WrittenSpan, row.Timestamp);
    }
}
