using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State.Joins;

/// <summary>
/// Records of a stream that wait until the history of a versioned table is complete up to their time, in order of time, key bytes and
/// arrival. Kept typed in memory; what still waits at a commit is written down, and read back at first use after a restart, so a record
/// that comes and goes between two commits costs no write.
/// </summary>
/// <remarks>
/// Rows are those of Kafka Streams: key = byte 0, int64 time, key, int32 number of arrival; value as <see cref="BufferRowFormat"/> has it,
/// with only the new value and buffer time 0.
/// </remarks>
internal sealed class JoinBuffer<TKey, TValue>(
    StoreDescriptor descriptor, StoreSerdes<TKey, TValue> serdes, IBytesStore bytes, IChangelogWriter? changelog)
    : StateStore(descriptor)
{
    private const int TimeAt = 1;
    private const int KeyAt = TimeAt + sizeof(long);

    private readonly PriorityQueue<Waiting, Waiting> _waiting = new(Comparer<Waiting>.Create(
        static (x, y) => x.StoreKey.AsSpan().SequenceCompareTo(y.StoreKey)));

    private readonly List<Waiting> _added = [];
    private readonly List<byte[]> _gone = [];
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();
    private long _newest = -1;
    private int _arrivals;
    private bool _isLoaded;

    /// <summary>Adds a record, unless the table's history must be complete up to its time already.</summary>
    /// <returns>False when it need not wait.</returns>
    public bool TryAdd(in Record<TKey, TValue> record, in RecordPosition position)
    {
        Load();
        if (record.Timestamp < _newest - Descriptor.RetentionMs)
        {
            return false;
        }

        _newest = Math.Max(_newest, record.Timestamp);
        _arrivals = _arrivals == int.MaxValue ? 0 : _arrivals + 1;
        var waiting = new Waiting(StoreKeyOf(record.Key!, record.Timestamp, _arrivals), new()
        {
            Key = record.Key!,
            Change = new(true, record.Value, false, default),
            Timestamp = record.Timestamp,
            Headers = record.Headers,
            Position = position,
        });
        _waiting.Enqueue(waiting, waiting);
        _added.Add(waiting);
        return true;
    }

    /// <summary>Takes the first record if it has waited long enough.</summary>
    /// <returns>False when none has.</returns>
    public bool TryTakeDue(out BufferedRow<TKey, TValue> row)
    {
        if (!_waiting.TryPeek(out var first, out _) || first.Row.Timestamp > _newest - Descriptor.RetentionMs)
        {
            row = default;
            return false;
        }

        _waiting.Dequeue();
        row = first.Row;
        if (first.IsStored)
        {
            _gone.Add(first.StoreKey);
        }

        first.IsTaken = true;
        return true;
    }

    public override void Flush()
    {
        foreach (var key in _gone)
        {
            bytes.Delete(key);
            changelog?.Append(key, false, default, TimeOf(key));
        }

        foreach (var waiting in _added)
        {
            if (!waiting.IsTaken)
            {
                BufferRowFormat.Write(in waiting.Row, 0, serdes, _value);
                bytes.Put(waiting.StoreKey, _value.WrittenSpan);
                changelog?.Append(waiting.StoreKey, true, _value.WrittenSpan, waiting.Row.Timestamp);
                waiting.IsStored = true;
            }
        }

        _gone.Clear();
        _added.Clear();
    }

    public override void Dispose()
    {
        _key.Dispose();
        _value.Dispose();
        bytes.Dispose();
    }

    private static long TimeOf(ReadOnlySpan<byte> storeKey) => BinaryPrimitives.ReadInt64BigEndian(storeKey[TimeAt..]);

    private byte[] StoreKeyOf(TKey key, long time, int arrival)
    {
        serdes.WriteKey(key, _key);
        var storeKey = new byte[KeyAt + _key.WrittenCount + sizeof(int)];
        BinaryPrimitives.WriteInt64BigEndian(storeKey.AsSpan(TimeAt), time);
        _key.WrittenSpan.CopyTo(storeKey.AsSpan(KeyAt));
        BinaryPrimitives.WriteInt32BigEndian(storeKey.AsSpan(storeKey.Length - sizeof(int)), arrival);
        return storeKey;
    }

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
            var key = serdes.ReadKey(rows.Key[KeyAt..^sizeof(int)]);
            var waiting = new Waiting(rows.Key.ToArray(), BufferRowFormat.Read(key, rows.Value, serdes, out _)) { IsStored = true };
            _waiting.Enqueue(waiting, waiting);
            _newest = Math.Max(_newest, waiting.Row.Timestamp);
            _arrivals = Math.Max(_arrivals, BinaryPrimitives.ReadInt32BigEndian(rows.Key[^sizeof(int)..]));
        }
    }

    private sealed class Waiting(byte[] storeKey, BufferedRow<TKey, TValue> row)
    {
        public readonly BufferedRow<TKey, TValue> Row = row;

        public byte[] StoreKey { get; } = storeKey;

        /// <summary>Whether it was written down.</summary>
        public bool IsStored { get; set; }

        /// <summary>Whether it has left the buffer.</summary>
        public bool IsTaken { get; set; }
    }
}
