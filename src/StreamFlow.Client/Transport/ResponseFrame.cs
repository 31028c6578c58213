using StreamFlow.Core.Memory;
using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>
/// A received frame in a pooled array, without its size field, and the objects of an answer that is read from it. Used again once nobody
/// reads it. Thread safe to release.
/// </summary>
internal sealed class ResponseFrame
{
    private const int MostKept = 256;

    private static readonly ObjectPool<ResponseFrame> Free = new(() => new ResponseFrame(), MostKept);

    private readonly SharedBuffer _shared;
    private byte[] _array = [];
    private int _length;

    private ResponseFrame() => _shared = new SharedBuffer(Return);

    public Memory<byte> Bytes => _array.AsMemory(0, _length);

    /// <summary>Where the objects of an answer come from that goes with the frame.</summary>
    public MessageArena Arena { get; } = new();

    /// <summary>A frame of this many bytes.</summary>
    public static ResponseFrame Rent(int length)
    {
        var frame = Free.Rent();
        (frame._array, frame._length) = (FrameArrays.Rent(length), length);
        return frame;
    }

    /// <summary>
    /// Hands the frame to the receiver of the answer, who gives it back by releasing the buffer: maybe before the caller's next line.
    /// </summary>
    public SharedBuffer Share()
    {
        _shared.Renew();
        return _shared;
    }

    /// <summary>Gives back a frame that was not shared.</summary>
    public void Release() => Return();

    private void Return()
    {
        FrameArrays.Return(_array);
        _array = [];
        Arena.Reset();
        Free.Return(this);
    }
}
