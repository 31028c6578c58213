using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Net;

/// <summary>
/// Cuts what a connection receives into frames. Bytes move to the frame as they come, so that the pipe stays small and warm; memory is
/// taken as bytes arrive, not as a sender claims, and only while the broker has room for it. Used by the connection's loop alone.
/// </summary>
internal sealed class FrameReader(PipeReader pipe, RequestMemory memory) : IDisposable
{
    /// <summary>A claimed size beyond this is believed only as far as bytes have come.</summary>
    private const int TrustedSize = 1 << 20;

    private readonly byte[] _sizeBytes = new byte[sizeof(int)];
    private int _sizeCount;
    private int _frameSize = -1;
    private PooledFrame? _frame;
    private bool _ended;

    // Room that was refused: nothing is read before it is there.
    private int _missing;

    /// <summary>Whether the next wait is for room rather than for bytes.</summary>
    public bool LacksRoom => _missing > 0;

    /// <summary>The largest frame accepted (bytes).</summary>
    public int LargestFrame { get; set; }

    /// <summary>Takes the next frame when all of it has been received.</summary>
    /// <exception cref="ProtocolException">The size cannot be that of a frame; the connection has to be closed.</exception>
    public bool TryTake(out PooledFrame frame)
    {
        while (!IsComplete && _missing == 0 && pipe.TryRead(out var result))
        {
            Consume(result);
            if (result.IsCompleted && !IsComplete && _missing == 0)
            {
                _ended = true;
                break;
            }
        }

        return TakeIfComplete(out frame);
    }

    /// <summary>Waits for more bytes, and for room for them. A read that is cancelled through the pipe ends the wait.</summary>
    /// <param name="cancellation">Ends both waits.</param>
    /// <param name="aborted">Ends the wait for room.</param>
    /// <returns>False when the other side has closed.</returns>
    /// <exception cref="ProtocolException">The size cannot be that of a frame; the connection has to be closed.</exception>
    /// <exception cref="OperationCanceledException">A wait was ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync(CancellationToken cancellation, CancellationToken aborted)
    {
        if (_ended)
        {
            return false;
        }

        if (_missing > 0)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, aborted);
            await memory.TakeAsync(_missing, _frame!.Capacity, either.Token).ConfigureAwait(false);
            _frame.Grow(_missing);
            _missing = 0;
        }

        var result = await pipe.ReadAsync(cancellation).ConfigureAwait(false);
        var hadBytes = !result.Buffer.IsEmpty;
        Consume(result);
        return hadBytes || !result.IsCompleted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frame?.Dispose();
        _frame = null;
    }

    private bool IsComplete => _frame is { } frame && frame.Count == _frameSize;

    private bool TakeIfComplete(out PooledFrame frame)
    {
        if (!IsComplete)
        {
            frame = null!;
            return false;
        }

        frame = _frame!;
        _frame = null;
        _frameSize = -1;
        _sizeCount = 0;
        return true;
    }

    private void Consume(in ReadResult result)
    {
        var buffer = result.Buffer;
        if (_frameSize < 0)
        {
            buffer = buffer.Slice(ReadSize(buffer));
        }

        while (_frame is { } frame && !buffer.IsEmpty && !IsComplete && (frame.Count < frame.Capacity || TryGrow(frame)))
        {
            var count = (int)Math.Min(buffer.Length, frame.Capacity - frame.Count);
            frame.Append(buffer.Slice(0, count));
            buffer = buffer.Slice(count);
        }

        // What is left belongs to the next frame, or to this one when it gets room, and counts as not looked at yet.
        pipe.AdvanceTo(buffer.Start);
    }

    private int ReadSize(in ReadOnlySequence<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, sizeof(int) - _sizeCount);
        buffer.Slice(0, count).CopyTo(_sizeBytes.AsSpan(_sizeCount));
        _sizeCount += count;
        if (_sizeCount == sizeof(int))
        {
            _frameSize = FrameDecoder.CheckSize(BinaryPrimitives.ReadInt32BigEndian(_sizeBytes), LargestFrame);
            _frame = memory.NewFrame();
        }

        return count;
    }

    /// <summary>Makes room for what the frame misses, at most four times what has come.</summary>
    private bool TryGrow(PooledFrame frame)
    {
        var more = Math.Min(_frameSize - frame.Capacity, Math.Max(TrustedSize, frame.Capacity * 3));
        if (!memory.TryTake(more))
        {
            _missing = more;
            return false;
        }

        frame.Grow(more);
        return true;
    }
}
