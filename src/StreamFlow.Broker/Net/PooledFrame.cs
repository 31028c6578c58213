using System.Buffers;

namespace StreamFlow.Broker.Net;

/// <summary>
/// The bytes of one request, in one piece. They live until the response has been written, because records are not copied.
/// </summary>
internal sealed class PooledFrame(int capacity) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 1));

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Count);

    /// <summary>Appends received bytes.</summary>
    /// <param name="bytes">At most what is missing.</param>
    /// <param name="total">The size of the whole frame, to grow to when growing is needed.</param>
    public void Append(in ReadOnlySequence<byte> bytes, int total)
    {
        var length = (int)bytes.Length;
        if (_bytes.Length - Count < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(total, Math.Max(Count + length, _bytes.Length * 4)));
            _bytes.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(Count));
        Count += length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
