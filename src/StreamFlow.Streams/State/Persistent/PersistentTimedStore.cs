using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// A store whose rows expire, in RocksDB. Row = segment (8 bytes, big-endian, sign flipped so that it sorts), then the caller's key. A
/// segment covers a fixed span of time; when it is over, its rows go by one range delete, and the table files that hold nothing else are
/// dropped whole. The segment's span is Kafka Streams' (half the retention, at least a minute). Behind all segments stands one row more:
/// key 8 bytes FF, value int64 newest time, big-endian.
/// </summary>
/// <example>Retention 10 min: segments of 5 min. A row of 00:07 is in segment 1; ExpireBefore(00:10) drops segments 0 and 1.</example>
internal sealed class PersistentTimedStore : PersistentStore, ITimedBytesStore
{
    private const int PrefixLength = sizeof(long);
    private const long MinSegmentMs = 60_000;
    private const long NewestSegment = long.MaxValue;

    private readonly long _segmentMs;
    private readonly SortedSet<long> _segments = [];
    private byte[] _key = new byte[64];
    private byte[] _end = new byte[64];
    private long _expiredBefore = long.MinValue;
    private long _droppedBefore = long.MinValue;
    private long _storedNewest = -1;

    public PersistentTimedStore(TaskDatabase database, StoreDescriptor descriptor)
        : base(database, descriptor)
    {
        _segmentMs = Math.Max(descriptor.RetentionMs / 2, MinSegmentMs);
        FindSegments();
    }

    /// <inheritdoc/>
    public long NewestTime { get; private set; } = -1;

    /// <summary>Adds the newest time that a restore has seen to the batch that it writes.</summary>
    public void WriteNewestTime(long time, WriteBatch batch)
    {
        NewestTime = Math.Max(NewestTime, time);
        if (NewestTime > _storedNewest)
        {
            Span<byte> key = stackalloc byte[PrefixLength];
            Span<byte> value = stackalloc byte[sizeof(long)];
            WritePrefix(key, NewestSegment);
            BinaryPrimitives.WriteInt64BigEndian(value, NewestTime);
            batch.Put(key, value, Family);
            _storedNewest = NewestTime;
        }
    }

    /// <summary>Writes the key of a row as the family keeps it.</summary>
    /// <returns>The length.</returns>
    public int WriteRowKey(ReadOnlySpan<byte> key, long time, ref byte[] buffer)
    {
        if (buffer.Length < PrefixLength + key.Length)
        {
            buffer = new byte[2 * (PrefixLength + key.Length)];
        }

        WritePrefix(buffer, SegmentOf(time));
        key.CopyTo(buffer.AsSpan(PrefixLength));
        return PrefixLength + key.Length;
    }

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, long time, IBufferWriter<byte> value)
    {
        if (IsExpired(time))
        {
            return false;
        }

        ReadOnlySpan<byte> row = _key.AsSpan(0, WriteRowKey(key, time, ref _key));
        if (Pending.Find(row) is var node and not 0)
        {
            if (Pending.IsDeleted(node))
            {
                return false;
            }

            value.Write(Pending.ValueOf(node));
            return true;
        }

        return HasRows && Database.Rocks.TryGet(row, value, Family);
    }

    /// <inheritdoc/>
    public void Put(ReadOnlySpan<byte> key, long time, ReadOnlySpan<byte> value)
    {
        NewestTime = Math.Max(NewestTime, time);
        if (!IsExpired(time))
        {
            _segments.Add(SegmentOf(time));
            Pending.Put(_key.AsSpan(0, WriteRowKey(key, time, ref _key)), value);
        }
    }

    /// <inheritdoc/>
    public void Delete(ReadOnlySpan<byte> key, long time)
    {
        if (!IsExpired(time))
        {
            Pending.Delete(_key.AsSpan(0, WriteRowKey(key, time, ref _key)));
        }
    }

    /// <inheritdoc/>
    public IBytesIterator Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, long fromTime, long toTime, bool descending = false)
    {
        var first = Math.Max(SegmentOf(fromTime), _expiredBefore);
        var last = SegmentOf(toTime);
        LayeredCursor? single = null;
        List<LayeredCursor>? several = null;
        foreach (var segment in _segments)
        {
            if (segment < first || segment > last)
            {
                continue;
            }

            var cursor = WalkSegment(segment, from, to, descending);
            if (single is null)
            {
                single = cursor;
            }
            else
            {
                (several ??= [single]).Add(cursor);
            }
        }

        return several is null ? single ?? (IBytesIterator)EmptyIterator.Instance : new SegmentsIterator(several, descending);
    }

    /// <inheritdoc/>
    public void ExpireBefore(long time)
    {
        var segment = SegmentOf(time);
        if (segment > _expiredBefore)
        {
            _expiredBefore = segment;
            _segments.RemoveWhere(expired => expired < segment);
        }
    }

    /// <inheritdoc/>
    public override void CollectInto(WriteBatch batch)
    {
        if (_expiredBefore > _droppedBefore && HasRows)
        {
            WritePrefix(_key, long.MinValue);
            WritePrefix(_end, _expiredBefore);
            batch.DeleteRange(_key.AsSpan(0, PrefixLength), _end.AsSpan(0, PrefixLength), Family);
        }

        WriteNewestTime(NewestTime, batch);
        WritePrefix(_key, _expiredBefore);
        for (var node = Pending.FirstFrom(_key.AsSpan(0, PrefixLength)); node != 0; node = Pending.Next(node))
        {
            if (!Pending.IsDeleted(node))
            {
                batch.Put(Pending.KeyOf(node), Pending.ValueOf(node), Family);
            }
            else if (HasRows)
            {
                batch.Delete(Pending.KeyOf(node), Family);
            }
        }
    }

    /// <inheritdoc/>
    public override void Committed()
    {
        base.Committed();
        if (_expiredBefore > _droppedBefore)
        {
            _droppedBefore = _expiredBefore;
            WritePrefix(_key, long.MinValue);
            WritePrefix(_end, _expiredBefore);
            Database.Rocks.DeleteFilesInRange(_key.AsSpan(0, PrefixLength), _end.AsSpan(0, PrefixLength), Family);
        }
    }

    /// <inheritdoc/>
    public override void Restored()
    {
        base.Restored();
        FindSegments();
    }

    private LayeredCursor WalkSegment(long segment, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, bool descending)
    {
        var first = segment * _segmentMs;
        ReadOnlySpan<byte> start = _key.AsSpan(0, WriteRowKey(from, first, ref _key));
        var endLength = to.IsEmpty ? WriteRowKey(to, first + _segmentMs, ref _end) : WriteRowKey(to, first, ref _end);
        return Walk(start, _end.AsSpan(0, endLength), PrefixLength, descending);
    }

    /// <summary>Learns which segments have committed rows: one seek each.</summary>
    private void FindSegments()
    {
        using var rows = Database.Rocks.NewIterator(Family);
        for (rows.SeekToFirst(); rows.IsValid; rows.Seek(_key.AsSpan(0, PrefixLength)))
        {
            var segment = BinaryPrimitives.ReadInt64BigEndian(rows.Key) ^ long.MinValue;
            if (segment == NewestSegment)
            {
                NewestTime = _storedNewest = Math.Max(NewestTime, BinaryPrimitives.ReadInt64BigEndian(rows.Value));
                break;
            }

            _segments.Add(segment);
            WritePrefix(_key, segment + 1);
        }

        rows.ThrowIfFailed();
    }

    private bool IsExpired(long time) => SegmentOf(time) < _expiredBefore;

    private long SegmentOf(long time)
    {
        var quotient = time / _segmentMs;
        return time % _segmentMs < 0 ? quotient - 1 : quotient;
    }

    private static void WritePrefix(Span<byte> target, long segment) =>
        BinaryPrimitives.WriteInt64BigEndian(target, segment ^ long.MinValue);
}
