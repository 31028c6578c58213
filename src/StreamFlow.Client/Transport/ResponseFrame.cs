namespace StreamFlow.Client.Transport;

/// <summary>A received frame in a pooled array, without its size field.</summary>
internal sealed class ResponseFrame(int length)
{
    private readonly byte[] _array = FrameArrays.Rent(length);
    private bool _isShared;

    public Memory<byte> Bytes => _array.AsMemory(0, length);

    /// <summary>Hands the array's ownership to the receiver of the answer.</summary>
    public SharedBuffer Share()
    {
        _isShared = true;
        return new SharedBuffer(Return);
    }

    /// <summary>Gives the array back unless it was handed on.</summary>
    public void Release()
    {
        if (!_isShared)
        {
            Return();
        }
    }

    private void Return() => FrameArrays.Return(_array);
}
