using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol;

/// <summary>Cuts a stream of bytes into frames.</summary>
public static class FrameDecoder
{
    /// <summary>Kafka's default of <c>socket.request.max.bytes</c>.</summary>
    public const int DefaultLargestFrame = 104857600;

    /// <summary>Takes the next whole frame off <paramref name="buffer"/>.</summary>
    /// <param name="buffer">What was received; moved past the frame when there is one.</param>
    /// <param name="largest">The largest frame allowed, in bytes without the size field.</param>
    /// <param name="frame">The frame without its size field.</param>
    /// <returns>False while bytes of the frame are missing.</returns>
    /// <exception cref="ProtocolException">The size is negative or too large; the connection has to be closed.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int largest, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < sizeof(int))
        {
            return false;
        }

        Span<byte> head = stackalloc byte[sizeof(int)];
        buffer.Slice(0, sizeof(int)).CopyTo(head);
        var size = CheckSize(BinaryPrimitives.ReadInt32BigEndian(head), largest);
        if (buffer.Length - sizeof(int) < size)
        {
            return false;
        }

        frame = buffer.Slice(sizeof(int), size);
        buffer = buffer.Slice(frame.End);
        return true;
    }

    /// <summary>Checks the size that leads a frame.</summary>
    /// <exception cref="ProtocolException">The size is negative or too large.</exception>
    public static int CheckSize(int size, int largest) => size >= 0 && size <= largest
        ? size
        : throw new ProtocolException($"a frame claims {size} bytes, 0 to {largest} are allowed; does the other side speak Kafka?");
}
