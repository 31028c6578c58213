namespace StreamFlow.Client.Transport;

/// <summary>A received frame in a pooled array, without its size field. Used again once nobody reads it. Thread safe to release.</summary>
internal sealed class ResponseFrame
{
    private const int MostKept = 256;

    private static readonly Lock Gate = new();
    private static readonly Stack<ResponseFrame> Free = new();

    private readonly SharedBuffer _shared;
    private byte[] _array = [];
    private int _length;

    private ResponseFrame() => _shared = new SharedBuffer(Return);

    public Memory<byte> Bytes => _array.AsMemory(0, _length);

    /// <summary>A frame of this many bytes.</summary>
    public static ResponseFrame Rent(int length)
    {
        ResponseFrame? frame;
        lock (Gate)
        {
            Free.TryPop(out frame);
        }

        frame ??= new ResponseFrame();
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
        lock (Gate)
        {
            if (Free.Count < MostKept)
            {
                Free.Push(this);
            }
        }
    }
}
