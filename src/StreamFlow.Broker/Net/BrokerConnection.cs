using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Security;
using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Net;

/// <summary>
/// Serves one connection. One loop reads requests, starts their handlers and writes responses in the order of the requests; only the
/// loop touches the pipes. A request begins when the one before it has been answered, except that produce requests overlap: their
/// batches are appended in order, and their waits for the disk join one flush.
/// </summary>
internal sealed class BrokerConnection(
    RequestDispatcher dispatcher,
    ConnectionContext connection,
    Session session,
    ClientQuotas quotas,
    RequestMemory memory,
    int largestFrame,
    TimeProvider clock) : IDisposable
{
    /// <summary>Idempotent producers have at most five requests in flight; more than a few would only hold memory.</summary>
    private const int MostInFlight = 8;

    /// <summary>
    /// Bytes of a response that are written before the client has to take some. A client that does not read holds this much and what
    /// Kestrel's pipe takes (<see cref="TcpListeners"/>); the rest stays in its segment's file.
    /// </summary>
    private const int LargestWrite = 128 * 1024;

    private readonly FrameReader _frames = new(connection.Transport.Input, memory)
    {
        LargestFrame = session.IsAuthenticated
            ? largestFrame
            : Math.Min(largestFrame, session.Listener!.Listener.Security.SaslMaxReceiveSize),
    };
    private readonly PipeWriter _output = connection.Transport.Output;
    private readonly ConnectionWake _wake = new(connection.Transport.Input);
    private readonly FrameBuffer _encoded = new();
    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private readonly Queue<RequestSlot> _pending = new();
    private readonly EndedFetches _endedFetches = new();
    private readonly CancellationTokenSource _aborted = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
    private PooledFrame? _held;
    private long _idleSince = long.MaxValue;

    private int _unflushed;
    private bool _mustClose;

    // The client takes nothing any more.
    private bool _isGone;

    // How long a quota keeps the next request waiting.
    private int _mutedMs;

    private volatile bool _isStuck;

    /// <summary>
    /// The clock's timestamp of the moment since which nothing has come and nothing is being done; <see cref="long.MaxValue"/> while
    /// something is. Any thread may ask.
    /// </summary>
    public long IdleSince => Volatile.Read(ref _idleSince);

    /// <summary>Ends the connection at once if it waits for its client to take what was written.</summary>
    public void AbortIfStuck()
    {
        if (_isStuck)
        {
            connection.Abort(new ConnectionAbortedException("the client does not read"));
        }
    }

    /// <summary>Runs until the client closes, an error ends the connection, or the broker stops.</summary>
    /// <param name="stopping">Set when the broker stops: requests begun are answered, no others are read.</param>
    /// <exception cref="ProtocolException">The client sent something that is no request.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await ServeAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What has begun is still answered.
        }

        await DrainAsync().ConfigureAwait(false);
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        while (!_mustClose && !stopping.IsCancellationRequested)
        {
            if (await WriteCompletedAsync().ConfigureAwait(false))
            {
                continue;
            }

            if (_mutedMs > 0)
            {
                await MuteAsync(stopping).ConfigureAwait(false);
            }

            if (StartNext())
            {
                continue;
            }

            await FlushAsync().ConfigureAwait(false);
            if (_pending.TryPeek(out var head)
                && (_held is not null || _pending.Count >= MostInFlight || head.ApiKey != ApiKey.Produce || _frames.LacksRoom))
            {
                await head.WaitAsync().ConfigureAwait(false);
                continue;
            }

            if (head is null)
            {
                Volatile.Write(ref _idleSince, clock.GetTimestamp());
            }

            // A produce request that ends meanwhile ends the read as well.
            _wake.Arm();
            var goesOn = head is { IsCompleted: true } || await _frames.FillAsync(stopping, _aborted.Token).ConfigureAwait(false);
            _wake.Disarm();
            Volatile.Write(ref _idleSince, long.MaxValue);
            if (!goesOn)
            {
                break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _endedFetches.GoOn();
        _aborted.Cancel();
        while (_pending.TryDequeue(out var pending))
        {
            // The handler may still be reading the frame; it is not pooled again but left to the collector.
            if (pending.IsCompleted)
            {
                pending.End();
            }
            else
            {
                pending.Abandon();
            }
        }

        _held?.Dispose();
        _frames.Dispose();
        _encoded.Dispose();
        _aborted.Dispose();
    }

    /// <summary>Starts the next request when it may begin.</summary>
    /// <returns>False when there is none.</returns>
    private bool StartNext()
    {
        if (_pending.Count >= MostInFlight || (_pending.Count > 0 && _pending.Peek().ApiKey != ApiKey.Produce))
        {
            return false;
        }

        if (_held is null && !_frames.TryTake(out _held))
        {
            _held = null;
            return false;
        }

        if (_pending.Count > 0 && !IsProduce(_held))
        {
            return false;
        }

        var frame = _held;
        _held = null;
        Start(frame);
        return true;
    }

    private static bool IsProduce(PooledFrame frame) =>
        frame.Count >= 2 && frame.Memory.Span[0] == 0 && frame.Memory.Span[1] == (byte)ApiKey.Produce;

    private void Start(PooledFrame frame)
    {
        var slot = memory.Slots.Rent();
        slot.Begin(frame);
        try
        {
            Start(frame, slot);
        }
        catch
        {
            slot.End();
            throw;
        }

        _pending.Enqueue(slot);
    }

    private void Start(PooledFrame frame, RequestSlot slot)
    {
        if (session.Sasl is { ExpectsRawToken: true })
        {
            slot.Context.Begin(0, "", session.Host, session, _aborted.Token);
            slot.Follow(ApiKey.SaslAuthenticate, 0, dispatcher.HandleRawTokenAsync(slot.Context, frame.Memory), null);
            return;
        }

        var reader = new ProtocolReader(frame.Memory, "request") { Arena = slot.Arena };
        var header = MessageFrame.ReadRequestHeader(ref reader);
        var key = (ApiKey)header.RequestApiKey;
        var version = header.RequestApiVersion;
        if (!session.MayServe(key))
        {
            throw new ProtocolException($"{key} came from a client that has not authenticated, or whose session has ended");
        }

        IRequest request;
        if (dispatcher.Serves(key, version))
        {
            request = MessageRegistry.ReadRequest(ref reader, key, version);
        }
        else if (key == ApiKey.ApiVersions)
        {
            // The handler tells which versions there are (KIP-511).
            request = new ApiVersionsRequest();
        }
        else
        {
            throw new ProtocolException($"version {version} of {key} is not served");
        }

        slot.Context.Begin(version, header.ClientId ?? "", session.ShownHost, session, _aborted.Token);
        slot.Follow(
            key, header.CorrelationId, DispatchAsync(slot.Context, request), key == ApiKey.Produce ? _wake : null);
    }

    private ValueTask<IResponse?> DispatchAsync(RequestContext context, IRequest request)
    {
        using var collecting = _endedFetches.Collect();
        if (!quotas.IsActive)
        {
            return dispatcher.HandleAsync(context, request);
        }

        var began = quotas.Time.GetTimestamp();
        var response = dispatcher.HandleAsync(context, request);
        context.BusyTicks = quotas.Time.GetTimestamp() - began;
        return response;
    }

    /// <summary>Writes the oldest response when it is ready.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WriteCompletedAsync()
    {
        if (!_pending.TryPeek(out var head) || !head.IsCompleted)
        {
            return false;
        }

        _pending.Dequeue();
        try
        {
            var response = head.Take();
            _mustClose |= head.Context.MustClose;
            if (quotas.IsActive)
            {
                Throttle(head, response);
            }

            if (session.IsAuthenticated)
            {
                _frames.LargestFrame = largestFrame;
            }

            if (response is RawSaslToken raw)
            {
                WriteRaw(raw.Token);
            }
            else if (response is not null)
            {
                // An answer to an unknown version of ApiVersions has the layout of version 0.
                var version = dispatcher.Serves(head.ApiKey, head.Context.ApiVersion) ? head.Context.ApiVersion : (short)0;
                await WriteAsync(response, version, head.CorrelationId).ConfigureAwait(false);
            }
        }
        finally
        {
            head.End();
        }

        memory.Slots.Return(head);

        return true;
    }

    /// <summary>The client is told at once how long it has to wait, and is not read from for that long (KIP-219).</summary>
    private void Throttle(RequestSlot head, IResponse? response)
    {
        var wait = quotas.Count(head.Context, head.ApiKey, head.RequestSize, response);
        if (wait > 0)
        {
            _mutedMs = Math.Max(_mutedMs, wait);

            // Nearly every response has the field, but there is no type for that, and it is set seldom.
            response?.GetType().GetProperty(nameof(ProduceResponse.ThrottleTimeMs))?.SetValue(response, wait);
        }
    }

    private async Task MuteAsync(CancellationToken stopping)
    {
        await FlushAsync().ConfigureAwait(false);
        var muted = TimeSpan.FromMilliseconds(_mutedMs);
        _mutedMs = 0;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_aborted.Token, stopping);
        await Task.Delay(muted, quotas.Time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void WriteRaw(byte[] token)
    {
        var frame = _output.GetSpan(sizeof(int) + token.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame, token.Length);
        token.CopyTo(frame[sizeof(int)..]);
        _output.Advance(sizeof(int) + token.Length);
        _unflushed += sizeof(int) + token.Length;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteAsync(IResponse response, short version, int correlationId)
    {
        Encode(response, version, correlationId);
        foreach (var segment in _segments)
        {
            if (MemoryMarshal.TryGetMemoryManager<byte, FileRecords>(segment, out var records))
            {
                for (var done = 0; done < records.Length && !_isGone;)
                {
                    done += Note(records.CopyTo(_output, done, LargestWrite - _unflushed));
                    await FlushIfFullAsync().ConfigureAwait(false);
                }
            }
            else
            {
                for (var rest = segment; !rest.IsEmpty && !_isGone;)
                {
                    var piece = rest[..Math.Min(rest.Length, LargestWrite - _unflushed)];
                    _output.Write(piece.Span);
                    rest = rest[Note(piece.Length)..];
                    await FlushIfFullAsync().ConfigureAwait(false);
                }
            }
        }

        _segments.Clear();
        _encoded.Clear();
    }

    private int Note(int written)
    {
        _unflushed += written;
        return written;
    }

    private ValueTask FlushIfFullAsync() => _unflushed < LargestWrite ? default : FlushAsync();

    private void Encode(IResponse response, short version, int correlationId)
    {
        try
        {
            MessageFrame.WriteResponse(_encoded, response, version, correlationId);
        }
        catch (ProtocolException e)
        {
            throw new InvalidOperationException($"the response of {response.ApiKey} cannot be written in version {version}", e);
        }

        _encoded.AddSegmentsTo(_segments);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync()
    {
        if (_unflushed == 0)
        {
            _endedFetches.GoOn();
            return;
        }

        _unflushed = 0;
        var flushing = _output.FlushAsync(CancellationToken.None);
        _endedFetches.GoOn();
        if (!flushing.IsCompleted)
        {
            _isStuck = true;
            Volatile.Write(ref _idleSince, clock.GetTimestamp());
        }

        var result = await flushing.ConfigureAwait(false);
        Volatile.Write(ref _idleSince, long.MaxValue);
        _isStuck = false;
        _isGone |= result.IsCompleted;
        _mustClose |= _isGone;
    }

    /// <summary>Answers what has begun, then ends the output.</summary>
    private async ValueTask DrainAsync()
    {
        while (_pending.TryPeek(out var head) && !connection.ConnectionClosed.IsCancellationRequested)
        {
            if (!head.IsCompleted)
            {
                // A parked fetch or join is let go at once.
                if (head.ApiKey != ApiKey.Produce)
                {
                    await _aborted.CancelAsync().ConfigureAwait(false);
                }

                await head.WaitAsync().ConfigureAwait(false);
            }

            await WriteCompletedAsync().ConfigureAwait(false);
        }

        await FlushAsync().ConfigureAwait(false);
    }
}
