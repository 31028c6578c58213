using System.Buffers;
using System.Buffers.Binary;

namespace StreamFlow.Protocol;

/// <summary>
/// The bytes of one encoded message: a pooled array for everything that is encoded, and references to the large record batches in
/// between, which are never copied here.
/// <code>
/// encoded   [ size | header | topic ... length ][ next partition ... length ][ tags ]
/// spliced                                      ^ records of partition 0     ^ records of partition 1
/// </code>
/// One owner at a time, no thread safety; <see cref="Clear"/> makes it ready for the next message, <see cref="Dispose"/> returns the array.
/// </summary>
public sealed class FrameBuffer : IDisposable
{
    /// <summary>Below this size in bytes a copy costs less than one more segment in the gathering write.</summary>
    private const int SmallestSplice = 1024;

    private readonly List<Splice> _splices = [];
    private byte[] _encoded;
    private int _count;
    private int _splicedBytes;

    /// <summary>Rents the first array.</summary>
    /// <param name="capacity">Expected encoded bytes, without large record batches.</param>
    public FrameBuffer(int capacity = 512)
    {
        _encoded = ArrayPool<byte>.Shared.Rent(capacity);
    }

    /// <summary>All bytes of the message, the referenced ones included.</summary>
    public int Length => _count + _splicedBytes;

    /// <summary>The number of pieces that <see cref="AddSegmentsTo"/> yields at most.</summary>
    public int SegmentLimit => (_splices.Count * 2) + 1;

    /// <summary>Forgets the message and its references, and keeps the array.</summary>
    public void Clear()
    {
        _count = 0;
        _splicedBytes = 0;
        _splices.Clear();
    }

    /// <summary>Returns the array to the pool. The buffer cannot be used any more.</summary>
    public void Dispose()
    {
        Clear();
        if (_encoded.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_encoded);
            _encoded = [];
        }
    }

    /// <summary>Adds the pieces in the order of the wire, for a gathering write. The next change of the buffer ends them.</summary>
    public void AddSegmentsTo(ICollection<ReadOnlyMemory<byte>> segments)
    {
        var from = 0;
        foreach (var splice in _splices)
        {
            AddEncoded(segments, from, splice.Position);
            segments.Add(splice.Bytes);
            from = splice.Position;
        }

        AddEncoded(segments, from, _count);
    }

    /// <summary>Copies everything to <paramref name="output"/>, such as a pipe.</summary>
    public void CopyTo(IBufferWriter<byte> output)
    {
        var from = 0;
        foreach (var splice in _splices)
        {
            output.Write(_encoded.AsSpan(from, splice.Position - from));
            output.Write(splice.Bytes.Span);
            from = splice.Position;
        }

        output.Write(_encoded.AsSpan(from, _count - from));
    }

    /// <summary>Everything as one new array.</summary>
    public byte[] ToArray()
    {
        var all = new byte[Length];
        var segments = new List<ReadOnlyMemory<byte>>(SegmentLimit);
        AddSegmentsTo(segments);
        var position = 0;
        foreach (var segment in segments)
        {
            segment.CopyTo(all.AsMemory(position));
            position += segment.Length;
        }

        return all;
    }

    /// <summary>The next <paramref name="count"/> bytes, to be filled by the caller.</summary>
    internal Span<byte> Take(int count)
    {
        if (count > _encoded.Length - _count)
        {
            Grow(count);
        }

        var taken = _encoded.AsSpan(_count, count);
        _count += count;
        return taken;
    }

    internal void Append(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < SmallestSplice)
        {
            bytes.Span.CopyTo(Take(bytes.Length));
            return;
        }

        _splices.Add(new(_count, bytes));
        _splicedBytes += bytes.Length;
    }

    /// <summary>Marks where a value begins whose size will be inserted before it. Such a value never holds records.</summary>
    internal int BeginSized() => _count;

    internal int SizeSince(int start) => _count - start;

    internal void Insert(int position, ReadOnlySpan<byte> bytes)
    {
        var moved = _count - position;
        Take(bytes.Length);
        _encoded.AsSpan(position, moved).CopyTo(_encoded.AsSpan(position + bytes.Length));
        bytes.CopyTo(_encoded.AsSpan(position));
    }

    /// <summary>Writes <paramref name="value"/> over the four bytes at <paramref name="position"/>.</summary>
    internal void SetInt32(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_encoded.AsSpan(position, 4), value);

    private void AddEncoded(ICollection<ReadOnlyMemory<byte>> segments, int from, int to)
    {
        if (to > from)
        {
            segments.Add(_encoded.AsMemory(from, to - from));
        }
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_encoded.Length * 2, _count + count)));
        _encoded.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_encoded);
        _encoded = larger;
    }

    /// <summary>Referenced bytes that stand before the encoded byte at <paramref name="Position"/>.</summary>
    private readonly record struct Splice(int Position, ReadOnlyMemory<byte> Bytes);
}
