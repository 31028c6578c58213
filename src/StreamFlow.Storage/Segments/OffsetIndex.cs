using System.Buffers.Binary;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Segments;

/// <summary>
/// The sparse offset index of a segment: about one entry every 4096 bytes of log (<c>index.interval.bytes</c>).
/// <code>
///   0  int32  last offset of a batch, minus the segment's base offset
///   4  int32  byte position at which that batch begins
/// </code>
/// Both grow strictly. The format is Kafka's and may not change. The last entry is kept in fields, since most reads are at the tail.
/// </summary>
internal sealed class OffsetIndex(IFileSystem files, string path, long baseOffset) : IDisposable
{
    public const int EntrySize = 8;

    private readonly IndexFile _file = new(files, path, EntrySize);
    private long _last = -1;

    public IndexFile File => _file;

    public int Count => _file.Count;

    /// <summary>Last offset that the index knows, or -1.</summary>
    public long LastOffset => Volatile.Read(ref _last) is >= 0 and var last ? baseOffset + (last >> 32) : -1;

    /// <summary>Position of the last entry's batch, 0 when there is none.</summary>
    public int LastPosition => Volatile.Read(ref _last) is >= 0 and var last ? (int)last : 0;

    /// <summary>Takes over what the file holds.</summary>
    /// <param name="logSize">Size of the log in bytes, which no position may reach.</param>
    /// <param name="inMemory">True for the active segment.</param>
    /// <returns>False when the file cannot be the index of this log, and has to be rebuilt.</returns>
    public bool TryLoad(long logSize, bool inMemory)
    {
        _file.Load(inMemory);
        if (_file.Count == 0)
        {
            _last = -1;
            return true;
        }

        // The offset and position of the last entry are larger than all before them, so zeros behind the real end show here.
        var (offset, position) = Entry(_file.Count - 1);
        _last = Pack(offset, position);
        return offset >= 0 && position > 0 && position < logSize;
    }

    public void Reset()
    {
        _file.Reset();
        _last = -1;
    }

    public void Append(long offset, long position)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt32BigEndian(entry, checked((int)(offset - baseOffset)));
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], checked((int)position));
        _file.Append(entry);
        Volatile.Write(ref _last, Pack((int)(offset - baseOffset), (int)position));
    }

    /// <summary>
    /// The position of the last indexed batch whose last offset is at most <paramref name="offset"/>, 0 when there is none.
    /// </summary>
    public int PositionAtOrBefore(long offset)
    {
        var last = Volatile.Read(ref _last);
        if (last < 0)
        {
            return 0;
        }

        if (offset >= baseOffset + (last >> 32))
        {
            return (int)last;
        }

        var index = Search(offset - baseOffset, byPosition: false);
        return index < 0 ? 0 : Entry(index).Position;
    }

    /// <summary>The largest indexed position that is at most <paramref name="position"/>, 0 when there is none.</summary>
    public int PositionAtOrBeforePosition(long position)
    {
        var last = Volatile.Read(ref _last);
        if (last < 0 || position >= (int)last)
        {
            return last < 0 ? 0 : (int)last;
        }

        var index = Search(position, byPosition: true);
        return index < 0 ? 0 : Entry(index).Position;
    }

    /// <summary>Drops entries at or above the offset or position.</summary>
    public void TruncateTo(long offset, long position)
    {
        var count = _file.Count;
        while (count > 0 && Entry(count - 1) is var entry && (baseOffset + entry.Offset >= offset || entry.Position >= position))
        {
            count--;
        }

        _file.Truncate(count);
        _last = count == 0 ? -1 : Pack(Entry(count - 1).Offset, Entry(count - 1).Position);
    }

    public (int Offset, int Position) Entry(int index)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        _file.Read(index, entry);
        return (BinaryPrimitives.ReadInt32BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[4..]));
    }

    public void Dispose() => _file.Dispose();

    private static long Pack(int offset, int position) => ((long)offset << 32) | (uint)position;

    private int Search(long target, bool byPosition)
    {
        var low = 0;
        var high = _file.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var (offset, position) = Entry(middle);
            if ((byPosition ? position : offset) <= target)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
