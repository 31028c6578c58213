using System.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>A timed store in memory: an ordered map, and its keys by time so that expired ones can be dropped.</summary>
internal sealed class MemoryTimedBytesStore : ITimedBytesStore
{
    private readonly MemoryBytesStore _entries = new();
    private readonly PriorityQueue<byte[], long> _byTime = new();
    private long _expiredBefore = long.MinValue;

    public long NewestTime { get; private set; } = -1;

    public bool TryGet(ReadOnlySpan<byte> key, long time, IBufferWriter<byte> value) => _entries.TryGet(key, value);

    public void Put(ReadOnlySpan<byte> key, long time, ReadOnlySpan<byte> value)
    {
        NewestTime = Math.Max(NewestTime, time);
        if (time < _expiredBefore)
        {
            return;
        }

        if (_entries.Put(key, value))
        {
            _byTime.Enqueue(key.ToArray(), time);
        }
    }

    public void Delete(ReadOnlySpan<byte> key, long time) => _entries.Delete(key);

    public IBytesIterator Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, long fromTime, long toTime, bool descending = false) =>
        _entries.Range(from, to, descending);

    public void ExpireBefore(long time)
    {
        _expiredBefore = Math.Max(_expiredBefore, time);
        while (_byTime.TryPeek(out var key, out var at) && at < _expiredBefore)
        {
            _byTime.Dequeue();
            _entries.Delete(key);
        }
    }

    public void Dispose() => _entries.Dispose();
}
