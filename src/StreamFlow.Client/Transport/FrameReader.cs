using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>
/// Cuts what a connection receives into frames. Small ones share a receive, a large one is received straight into its own array.
/// </summary>
internal sealed class FrameReader(NetworkChannel channel) : IDisposable
{
    private const int ReceiveSize = 64 * 1024;

    private readonly byte[] _received = ArrayPool<byte>.Shared.Rent(ReceiveSize);
    private int _start;
    private int _end;

    /// <summary>The next frame; null when the peer has closed the connection.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ResponseFrame?> ReadAsync()
    {
        while (_end - _start < sizeof(int))
        {
            Compact();
            var count = await channel.ReceiveAsync(_received.AsMemory(_end)).ConfigureAwait(false);
            if (count == 0)
            {
                return null;
            }

            _end += count;
        }

        var size = FrameDecoder.CheckSize(BinaryPrimitives.ReadInt32BigEndian(_received.AsSpan(_start)), FrameDecoder.DefaultLargestFrame);
        _start += sizeof(int);
        var frame = ResponseFrame.Rent(size);
        var filled = Math.Min(size, _end - _start);
        _received.AsSpan(_start, filled).CopyTo(frame.Bytes.Span);
        _start += filled;
        while (filled < size)
        {
            var count = await channel.ReceiveAsync(frame.Bytes[filled..]).ConfigureAwait(false);
            if (count == 0)
            {
                frame.Release();
                return null;
            }

            filled += count;
        }

        return frame;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_received);

    private void Compact()
    {
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        _end -= _start;
        _start = 0;
    }
}
