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
    private bool _isShared;

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
        (frame._array, frame._length, frame._isShared) = (FrameArrays.Rent(length), length, false);
        return frame;
    }

    /// <summary>Hands the array's ownership to the receiver of the answer.</summary>
    public SharedBuffer Share()
    {
        _isShared = true;
        _shared.Renew();
        return _shared;
    }

    /// <summary>Gives the array back unless it was handed on. The frame is not to be touched after that.</summary>
    public void Release()
    {
        if (!_isShared)
        {
            Return();
        }
    }

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
