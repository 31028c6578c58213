using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;

namespace StreamFlow.Streams.State.Joins;

/// <summary>
/// The records of one side of a stream-stream join that may still meet a partner. They are kept typed in memory, a sorted run a
/// key, so that a probe is one hash lookup and a binary search; new ones are written down at each commit. Rows are those of Kafka
/// Streams' window stores with duplicates: key, int64 time, int32 sequence.
/// </summary>
/// <remarks>
/// Records of a key are seen while their time is above the newest time stored minus the retention. Whole runs are expired by
/// time slices of half the retention, so expiry costs nothing per record. After a restart the rows are loaded at first use.
/// </remarks>
internal sealed class JoinWindow<TKey, TValue> : StateStore
{
    private readonly StoreSerdes<TKey, TValue> _serdes;
    private readonly ITimedBytesStore _bytes;
    private readonly IChangelogWriter? _changelog;
    private readonly long _sliceMs;
    private readonly Dictionary<TKey, JoinBucket<TValue>> _buckets;
    private readonly SortedDictionary<long, HashSet<TKey>> _slices = [];
    private readonly List<PendingSlot<TKey, TValue>> _pending = [];
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();
    private long _observed = -1;
    private long _oldestSlice = long.MaxValue;
    private int _sequence;
    private bool _isLoaded;

    public JoinWindow(
        StoreDescriptor descriptor, StoreSerdes<TKey, TValue> serdes, ITimedBytesStore bytes, IChangelogWriter? changelog)
        : base(descriptor)
    {
        _serdes = serdes;
        _bytes = bytes;
        _changelog = changelog;
        _sliceMs = Math.Max(1, descriptor.RetentionMs / 2);
        _buckets = new(KeyComparers.For(serdes.KeySerde));
    }

    /// <summary>Counts a record without a value, which nobody meets: Kafka Streams numbers it too.</summary>
    public void Skip()
    {
        EnsureLoaded();
        _sequence = NextSequence();
    }

    public void Put(TKey key, TValue value, long timestamp, Headers headers)
    {
        EnsureLoaded();
        var slot = new JoinSlot<TValue>(timestamp, value);
        _sequence = NextSequence();
        _pending.Add(new(key, slot, _sequence, headers));
        _observed = Math.Max(_observed, timestamp);
        if (timestamp > VisibleAfter)
        {
            Remember(key, slot);
        }

        Expire();
    }

    /// <summary>The records of a key with from &lt;= time &lt;= to that are still seen; valid until the next put.</summary>
    public ReadOnlySpan<JoinSlot<TValue>> Fetch(TKey key, long from, long to)
    {
        EnsureLoaded();
        return _buckets.TryGetValue(key, out var bucket) ? bucket.Between(Math.Max(from, VisibleAfter + 1), to) : default;
    }

    /// <summary>Whether a record of this time would be seen if it were put now.</summary>
    public bool Sees(long timestamp) => timestamp > VisibleAfter;

    public override void Flush()
    {
        foreach (ref readonly var pending in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending))
        {
            _serdes.WriteKey(pending.Key, _key);
            ByteKeys.WriteTime(_key, pending.Slot.Timestamp);
            BinaryPrimitives.WriteInt32BigEndian(_key.GetSpan(sizeof(int)), pending.Sequence);
            _key.Advance(sizeof(int));
            _serdes.WriteValue(pending.Slot.Value, pending.Slot.Timestamp, false, _value);
            _bytes.Put(_key.WrittenSpan, pending.Slot.Timestamp, _value.WrittenSpan);
            _changelog?.Append(_key.WrittenSpan, true, _value.WrittenSpan, pending.Slot.Timestamp, pending.Headers);
        }

        _pending.Clear();
        _bytes.ExpireBefore(VisibleAfter + 1);
    }

    public override void Dispose()
    {
        _key.Dispose();
        _value.Dispose();
        _bytes.Dispose();
    }

    private int NextSequence() => _sequence == int.MaxValue ? 0 : _sequence + 1;

    private long VisibleAfter => _observed - Descriptor.RetentionMs;

    private void Remember(TKey key, in JoinSlot<TValue> slot)
    {
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            _buckets.Add(key, bucket = new());
        }

        bucket.Add(slot);
        var slice = slot.Timestamp / _sliceMs;
        if (!_slices.TryGetValue(slice, out var keys))
        {
            _slices.Add(slice, keys = new(_buckets.Comparer));
        }

        keys.Add(key);
        _oldestSlice = Math.Min(_oldestSlice, slice);
    }

    private void Expire()
    {
        while (_oldestSlice < long.MaxValue && ((_oldestSlice + 1) * _sliceMs) - 1 <= VisibleAfter)
        {
            _slices.Remove(_oldestSlice, out var keys);
            _oldestSlice = _slices.Count == 0 ? long.MaxValue : _slices.First().Key;
            foreach (var key in keys!)
            {
                if (_buckets.TryGetValue(key, out var bucket))
                {
                    bucket.ExpireBefore(VisibleAfter + 1);
                    if (bucket.IsEmpty)
                    {
                        _buckets.Remove(key);
                    }
                }
            }
        }
    }

    private void EnsureLoaded()
    {
        if (_isLoaded)
        {
            return;
        }

        _isLoaded = true;
        const int SuffixLength = sizeof(long) + sizeof(int);
        _observed = Math.Max(_observed, _bytes.NewestTime);
        using var rows = _bytes.Range([], [], 0, long.MaxValue);
        while (rows.MoveNext())
        {
            var suffix = rows.Key[^SuffixLength..];
            var timestamp = BinaryPrimitives.ReadInt64BigEndian(suffix);
            _sequence = Math.Max(_sequence, BinaryPrimitives.ReadInt32BigEndian(suffix[sizeof(long)..]));
            _observed = Math.Max(_observed, timestamp);
            if (timestamp > VisibleAfter)
            {
                Remember(_serdes.ReadKey(rows.Key[..^SuffixLength]), new(timestamp, _serdes.ReadValue(rows.Value, false, out _)));
            }
        }
    }
}
