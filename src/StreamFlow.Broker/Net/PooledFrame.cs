using System.Buffers;

namespace StreamFlow.Broker.Net;

/// <summary>
/// The bytes of one request, in one piece. They live until the response has been written, because records are not copied. Its owner gets
/// the room for them from <see cref="RequestMemory"/>; dispose gives both back, once.
/// </summary>
internal sealed class PooledFrame(RequestMemory memory) : IDisposable
{
    private byte[] _bytes = [];

    /// <summary>Bytes received.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that there is room for.</summary>
    public int Capacity { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Count);

    /// <summary>Grows by room that was taken already.</summary>
    public void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Capacity + bytes);
        _bytes.AsSpan(0, Count).CopyTo(larger);
        GiveBack();
        _bytes = larger;
        Capacity += bytes;
    }

    /// <summary>Appends received bytes, at most what there is room for.</summary>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(Count, Capacity - Count));
        Count += (int)bytes.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GiveBack();
        var capacity = Capacity;
        (_bytes, Count, Capacity) = ([], 0, 0);
        memory.Release(capacity, this);
    }

    /// <summary>Gives the room back and leaves the bytes to the collector, because somebody may still be reading them.</summary>
    public void Abandon()
    {
        memory.Release(Capacity);
        Capacity = 0;
    }

    private void GiveBack()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
