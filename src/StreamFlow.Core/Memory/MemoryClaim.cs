namespace StreamFlow.Core.Memory;

/// <summary>
/// One user of a <see cref="MemoryShare"/>: a store, a partition's fetched batches, a producer. It may grow while the share has room, up to
/// its even part in any case, and from nothing to anything, so that what is larger than the share passes alone. Count batches or chunks,
/// not records. Thread safe.
/// </summary>
public sealed class MemoryClaim : IDisposable
{
    private readonly MemoryShare _share;
    private long _held;
    private int _refusalsSeen;
    private int _isDisposed;

    internal MemoryClaim(MemoryShare share) => (_share, _refusalsSeen) = (share, share.Refusals);

    /// <summary>Bytes held.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Whether it may grow now.</summary>
    public bool HasRoom => Held is var held && (held <= 0 || _share.Counted < _share.Common || held < _share.FairPart);

    /// <summary>Takes bytes if it may.</summary>
    /// <returns>False when there is no room: nothing was taken, and larger claims hear of it (<see cref="ShouldYield"/>).</returns>
    public bool TryGrow(long bytes)
    {
        var used = _share.Add(bytes);
        var held = Interlocked.Add(ref _held, bytes);
        if (held <= bytes || used <= _share.Common || held <= _share.FairPart)
        {
            return true;
        }

        Shrink(bytes);
        _share.Refuse();
        return false;
    }

    /// <summary>Counts bytes that are there already, room or not.</summary>
    public void Grow(long bytes)
    {
        _share.Add(bytes);
        Interlocked.Add(ref _held, bytes);
    }

    /// <summary>Gives bytes back; also after dispose.</summary>
    public void Shrink(long bytes)
    {
        Interlocked.Add(ref _held, -bytes);
        _share.Add(-bytes);
    }

    /// <summary>
    /// Whether somebody was refused since the last call while this claim holds more than its even part: then it should give back what it
    /// can do without. One caller at a time.
    /// </summary>
    public bool ShouldYield()
    {
        var refusals = _share.Refusals;
        var isPressed = refusals != _refusalsSeen && Held > _share.FairPart;
        _refusalsSeen = refusals;
        return isPressed;
    }

    /// <summary>Ends the claim to an even part. What is still held is counted until it is given back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _share.Leave();
        }
    }
}
