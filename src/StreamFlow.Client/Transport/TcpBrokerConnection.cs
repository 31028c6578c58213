using System.Net.Sockets;
using System.Runtime.InteropServices;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Transport;

/// <summary>
/// A TCP connection: requests are encoded and written one after the other by their callers, one loop reads the answers and hands each to
/// the oldest request that waits.
/// </summary>
internal sealed class TcpBrokerConnection : IBrokerConnection
{
    private static readonly TimeSpan TimeoutCheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly string _peer;
    private readonly string _clientId;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _writeGate = new(1, 1);
    private readonly FrameBuffer _frame = new(4096);
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private readonly List<ArraySegment<byte>> _segments = [];
    private readonly Lock _pendingGate = new();
    private readonly Queue<PendingRequest> _pending = new();
    private readonly ITimer _timeouts;
    private readonly Task _readLoop;
    private int _nextCorrelationId;
    private Exception? _failure;

    public TcpBrokerConnection(Socket socket, string peer, string clientId, TimeProvider clock)
    {
        _socket = socket;
        _peer = peer;
        _clientId = clientId;
        _clock = clock;
        _timeouts = clock.CreateTimer(static c => ((
            TcpBrokerConnection)c!).CheckTimeouts(), this, TimeoutCheckInterval, TimeoutCheckInterval);
        _readLoop = Task.Run(ReadLoopAsync);
    }

    public bool IsOpen => Volatile.Read(ref _failure) is null;

    public async ValueTask<Reply<TResponse>> SendAsync<TResponse>(
        IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        var pending = await WriteAsync(request, version, timeout, cancellationToken).ConfigureAwait(false);
        if (!cancellationToken.CanBeCanceled)
        {
            return await pending.Task.ConfigureAwait(false);
        }

        var cancel = cancellationToken.UnsafeRegister(static (p, token) => ((PendingRequest<TResponse>)p!).Cancel(token), pending);
        await using (cancel.ConfigureAwait(false))
        {
            return await pending.Task.ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Close(Lost("the client closed the connection"));
        await _readLoop.ConfigureAwait(false);
    }

    private async ValueTask<PendingRequest<TResponse>> WriteAsync<TResponse>(
        IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        await _writeGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var correlationId = _nextCorrelationId++;
            var deadline = _clock.GetTimestamp() + (long)(timeout.TotalSeconds * _clock.TimestampFrequency);
            var pending = new PendingRequest<TResponse>(request.ApiKey, version, correlationId, deadline);
            _frame.Clear();
            MessageFrame.WriteRequest(_frame, request, version, correlationId, _clientId);
            var isAnswered = request is not ProduceRequest { Acks: 0 };
            if (isAnswered)
            {
                Enqueue(pending);
            }

            await WriteFrameAsync().ConfigureAwait(false);
            if (!isAnswered)
            {
                pending.CompleteUnanswered();
            }

            return pending;
        }
        finally
        {
            _writeGate.Release();
        }
    }

    private void Enqueue(PendingRequest pending)
    {
        lock (_pendingGate)
        {
            if (_failure is { } failure)
            {
                throw failure;
            }

            _pending.Enqueue(pending);
        }
    }

    private async ValueTask WriteFrameAsync()
    {
        _pieces.Clear();
        _segments.Clear();
        _frame.AddSegmentsTo(_pieces);
        foreach (var piece in _pieces)
        {
            _segments.Add(MemoryMarshal.TryGetArray(piece, out var segment) ? segment : new ArraySegment<byte>(piece.ToArray()));
        }

        try
        {
            // A gathering write on Linux sends all or throws, like the single-buffer one.
            await _socket.SendAsync(_segments, SocketFlags.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The requests that wait, this one among them, learn of it through the failure.
            Close(Lost(e.Message));
        }
    }

    private async Task ReadLoopAsync()
    {
        var reader = new FrameReader(_socket);
        try
        {
            while (true)
            {
                var frame = await reader.ReadAsync().ConfigureAwait(false);
                if (frame is null)
                {
                    Close(Lost("the broker closed the connection"));
                    return;
                }

                Dispatch(frame);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Close(Lost(e.Message));
        }
        catch (Exception e)
        {
            // Bytes that cannot be understood leave no way to go on with this connection.
            Close(e);
        }
        finally
        {
            reader.Dispose();
        }
    }

    private void Dispatch(ResponseFrame frame)
    {
        PendingRequest pending;
        lock (_pendingGate)
        {
            if (!_pending.TryDequeue(out pending!))
            {
                throw new ProtocolException($"{_peer} answered a request that was never sent");
            }
        }

        try
        {
            var body = new ProtocolReader(frame.Bytes, pending.ApiKey.ToString());
            var correlationId = MessageFrame.ReadResponseHeader(ref body, pending.ApiKey, pending.Version);
            if (correlationId != pending.CorrelationId)
            {
                throw new ProtocolException($"{_peer} answered request {correlationId} where {pending.CorrelationId} was next");
            }

            var isBorrowed = pending.ApiKey is ApiKey.Fetch or ApiKey.ShareFetch;
            pending.Complete(ref body, isBorrowed ? frame.Share() : null);
        }
        catch (Exception e)
        {
            pending.Fail(e);
            throw;
        }
        finally
        {
            frame.Release();
        }
    }

    private void CheckTimeouts()
    {
        var now = _clock.GetTimestamp();
        PendingRequest? late = null;
        lock (_pendingGate)
        {
            foreach (var pending in _pending)
            {
                late ??= pending.Deadline < now ? pending : null;
            }
        }

        if (late is not null)
        {
            Close(new BrokerException(
                ErrorCode.RequestTimedOut, $"{late.ApiKey} to {_peer}", "no answer in time; the connection was closed"));
        }
    }

    private void Close(Exception failure)
    {
        PendingRequest[] waiting;
        lock (_pendingGate)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = failure;
            waiting = [.. _pending];
            _pending.Clear();
        }

        _timeouts.Dispose();
        _socket.Dispose();
        foreach (var pending in waiting)
        {
            pending.Fail(failure);
        }
    }

    private BrokerException Lost(string reason) => new(ErrorCode.NetworkException, $"connection to {_peer}", reason);
}
