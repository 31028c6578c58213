using System.Buffers.Binary;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Segments;

/// <summary>
/// The sparse time index of a segment: an entry says that no record up to and with the offset has a larger timestamp.
/// <code>
///   0  int64  largest timestamp so far (ms)
///   8  int32  last offset of the batch that brought it, minus the segment's base offset
/// </code>
/// Timestamps grow strictly. The format is Kafka's and may not change.
/// </summary>
internal sealed class TimeIndex(IFileSystem files, string path, long baseOffset) : IDisposable
{
    public const int EntrySize = 12;

    private readonly IndexFile _file = new(files, path, EntrySize);

    public IndexFile File => _file;

    public int Count => _file.Count;

    /// <summary>Timestamp (ms) of the last entry, or -1.</summary>
    public long LastTimestamp { get; private set; } = -1;

    /// <summary>Offset of the last entry, or -1.</summary>
    public long LastOffset { get; private set; } = -1;

    /// <summary>Takes over what the file holds.</summary>
    /// <returns>False when the file cannot be the index of a log with this end, and has to be rebuilt.</returns>
    public bool TryLoad(bool inMemory)
    {
        _file.Load(inMemory);
        (LastTimestamp, LastOffset) = (-1, -1);
        if (_file.Count == 0)
        {
            return true;
        }

        (LastTimestamp, LastOffset) = Entry(_file.Count - 1);
        var (firstTimestamp, _) = Entry(0);
        return LastOffset >= baseOffset && LastTimestamp >= firstTimestamp && (_file.Count == 1 || LastTimestamp > firstTimestamp);
    }

    public void Reset()
    {
        _file.Reset();
        (LastTimestamp, LastOffset) = (-1, -1);
    }

    /// <summary>Appends an entry when the timestamp is larger than the last one's.</summary>
    public void AppendIfLarger(long timestamp, long offset)
    {
        if (timestamp <= LastTimestamp)
        {
            return;
        }

        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt64BigEndian(entry, timestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[8..], checked((int)(offset - baseOffset)));
        _file.Append(entry);
        (LastTimestamp, LastOffset) = (timestamp, offset);
    }

    /// <summary>
    /// The offset of the last entry whose timestamp is below <paramref name="timestamp"/>: nothing at or before it can match.
    /// </summary>
    /// <returns>The segment's base offset when there is none.</returns>
    public long OffsetBefore(long timestamp)
    {
        var low = 0;
        var high = _file.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (Entry(middle).Timestamp < timestamp)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high < 0 ? baseOffset : Entry(high).Offset;
    }

    /// <summary>Drops entries at or above the offset.</summary>
    public void TruncateTo(long offset)
    {
        var count = _file.Count;
        while (count > 0 && Entry(count - 1).Offset >= offset)
        {
            count--;
        }

        _file.Truncate(count);
        (LastTimestamp, LastOffset) = count == 0 ? (-1, -1) : Entry(count - 1);
    }

    public (long Timestamp, long Offset) Entry(int index)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        _file.Read(index, entry);
        return (BinaryPrimitives.ReadInt64BigEndian(entry), baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry[8..]));
    }

    public void Dispose() => _file.Dispose();
}
