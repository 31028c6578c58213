using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Streams.State.Joins;

/// <summary>
/// The records of a left or outer stream-stream join that have met no partner yet, in the order in which their windows close.
/// Rows are those of Kafka Streams: key = int64 time, byte side (1 left, 0 right), key; value = byte 1, int32 count, then for each
/// record int32 length, byte side, value.
/// </summary>
internal sealed class UnmatchedBuffer<TKey, TLeft, TRight>(
    StoreDescriptor descriptor,
    StoreSerdes<TKey, TLeft> left,
    StoreSerdes<TKey, TRight> right,
    IBytesStore bytes,
    IChangelogWriter? changelog)
    : StateStore(descriptor)
{
    private const byte ListFormat = 1;
    private const int KeyPrefixLength = sizeof(long) + 1;

    private readonly SortedDictionary<UnmatchedKey, List<UnmatchedValue<TLeft, TRight>>> _rows = [];
    private readonly Dictionary<UnmatchedKey, long> _dirty = new(ByPlace.Instance);
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();
    private readonly PooledBufferWriter _item = new();
    private long? _oldest;
    private bool _isLoaded;

    /// <summary>Adds a record that met nobody.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="timestamp">Its time in ms.</param>
    /// <param name="value">Its side and value.</param>
    public void Add(TKey key, long timestamp, UnmatchedValue<TLeft, TRight> value)
    {
        EnsureLoaded();
        var place = PlaceOf(key, timestamp, value.IsLeft);
        if (!_rows.TryGetValue(place, out var values))
        {
            _rows.Add(place, values = []);
        }

        values.Add(value);
        _dirty[place] = timestamp;
        _oldest = Math.Min(Oldest, timestamp);
        LastSeen = Math.Min(LastSeen, timestamp);
    }

    /// <summary>Takes out the records of a key, time and side: one of them has met a partner.</summary>
    /// <param name="key">Their key.</param>
    /// <param name="timestamp">Their time in ms.</param>
    /// <param name="isLeft">Their side.</param>
    /// <param name="changedAt">Time of the record that met them, for the changelog.</param>
    public void Remove(TKey key, long timestamp, bool isLeft, long changedAt)
    {
        EnsureLoaded();
        if (_rows.Count > 0)
        {
            Remove(PlaceOf(key, timestamp, isLeft), changedAt);
        }
    }

    /// <summary>Takes out a row that was emitted.</summary>
    public void Remove(UnmatchedKey place, long changedAt)
    {
        if (_rows.Remove(place))
        {
            _oldest = null;
            _dirty[place] = changedAt;
        }
    }

    /// <summary>The rows in order; do not change the buffer while walking.</summary>
    public IEnumerable<KeyValuePair<UnmatchedKey, List<UnmatchedValue<TLeft, TRight>>>> Rows()
    {
        EnsureLoaded();
        return _rows;
    }

    /// <summary>
    /// The oldest time in the buffer in ms; <see cref="long.MaxValue"/> when it is empty. Costs nothing when nothing changed.
    /// </summary>
    public long Oldest
    {
        get
        {
            EnsureLoaded();
            if (_oldest is not { } oldest)
            {
                oldest = _rows.Count == 0 ? long.MaxValue : _rows.First().Key.Timestamp;
                _oldest = oldest;
            }

            return oldest;
        }
    }

    /// <summary>
    /// Kafka Streams' idea of the oldest time in ms: where the last look ended, or an older record that came since; the greatest
    /// number before the first.
    /// </summary>
    public long LastSeen { get; set; } = long.MaxValue;

    /// <summary>Time of the join's task, shared by both sides: greatest time of any of their records in ms.</summary>
    public long StreamTime { get; set; } = -1;

    /// <summary>Wall-clock time in ms before which nobody looks for closed windows again; shared by both sides.</summary>
    public long NextLook { get; set; }

    public TKey ReadKey(UnmatchedKey place) => left.ReadKey(place.KeyBytes);

    public override void Flush()
    {
        foreach (var (place, changedAt) in _dirty)
        {
            WriteKey(place);
            if (!_rows.TryGetValue(place, out var values))
            {
                bytes.Delete(_key.WrittenSpan);
                changelog?.Append(_key.WrittenSpan, false, default, changedAt);
                continue;
            }

            WriteValues(values);
            bytes.Put(_key.WrittenSpan, _value.WrittenSpan);
            changelog?.Append(_key.WrittenSpan, true, _value.WrittenSpan, changedAt);
        }

        _dirty.Clear();
    }

    public override void Dispose()
    {
        _key.Dispose();
        _value.Dispose();
        _item.Dispose();
        bytes.Dispose();
    }

    private UnmatchedKey PlaceOf(TKey key, long timestamp, bool isLeft)
    {
        left.WriteKey(key, _key);
        return new(timestamp, isLeft, _key.WrittenSpan.ToArray());
    }

    private void WriteKey(UnmatchedKey place)
    {
        _key.Clear();
        ByteKeys.WriteTime(_key, place.Timestamp);
        _key.Write([place.IsLeft ? (byte)1 : (byte)0]);
        _key.Write(place.KeyBytes);
    }

    private void WriteValues(List<UnmatchedValue<TLeft, TRight>> values)
    {
        _value.Clear();
        _value.Write([ListFormat]);
        WriteInt32(values.Count);
        foreach (var value in values)
        {
            if (value.IsLeft)
            {
                left.WriteValue(value.Left!, 0, false, _item);
            }
            else
            {
                right.WriteValue(value.Right!, 0, false, _item);
            }

            WriteInt32(1 + _item.WrittenCount);
            _value.Write([value.IsLeft ? (byte)1 : (byte)0]);
            _value.Write(_item.WrittenSpan);
        }
    }

    private void WriteInt32(int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(_value.GetSpan(sizeof(int)), number);
        _value.Advance(sizeof(int));
    }

    private void EnsureLoaded()
    {
        if (_isLoaded)
        {
            return;
        }

        _isLoaded = true;
        using var rows = bytes.Range([], []);
        while (rows.MoveNext())
        {
            var place = new UnmatchedKey(
                BinaryPrimitives.ReadInt64BigEndian(rows.Key), rows.Key[sizeof(long)] == 1, rows.Key[KeyPrefixLength..].ToArray());
            _rows[place] = ReadValues(rows.Value);
        }
    }

    private List<UnmatchedValue<TLeft, TRight>> ReadValues(ReadOnlySpan<byte> list)
    {
        const int HeaderLength = 1 + sizeof(int);
        var count = list.Length >= HeaderLength ? BinaryPrimitives.ReadInt32BigEndian(list[1..]) : -1;
        if (count < 0 || count > list.Length || list[0] != ListFormat)
        {
            throw new SerializationException($"a row of store '{Name}' is not a list of unmatched records");
        }

        var values = new List<UnmatchedValue<TLeft, TRight>>(count);
        list = list[HeaderLength..];
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(list);
            var item = list.Slice(sizeof(int), length);
            values.Add(item[0] == 1
                ? new(true, left.ReadValue(item[1..], false, out _), default)
                : new(false, default, right.ReadValue(item[1..], false, out _)));
            list = list[(sizeof(int) + length)..];
        }

        return values;
    }

    private sealed class ByPlace : IEqualityComparer<UnmatchedKey>
    {
        public static ByPlace Instance { get; } = new();

        public bool Equals(UnmatchedKey x, UnmatchedKey y) => x.CompareTo(y) == 0;

        public int GetHashCode([DisallowNull] UnmatchedKey obj)
        {
            var hash = default(HashCode);
            hash.Add(obj.Timestamp);
            hash.AddBytes(obj.KeyBytes);
            return hash.ToHashCode();
        }
    }
}

/// <summary>A buffered record: which side it is of, and its value on that side.</summary>
internal readonly record struct UnmatchedValue<TLeft, TRight>(bool IsLeft, TLeft? Left, TRight? Right);
