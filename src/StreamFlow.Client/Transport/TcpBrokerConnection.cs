using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StreamFlow.Client.Security;
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

    /// <summary>The part of a session after which it is renewed, so that no request meets its end.</summary>
    private const double SessionShare = 0.85;

    private readonly NetworkChannel _channel;
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
    private readonly SaslConversation? _sasl;
    private Exception? _failure;
    private volatile bool _isAnswered;

    // When the broker wants to be told again who this is; only the holder of the write gate looks at it.
    private long _reauthenticateAt = long.MaxValue;

    public TcpBrokerConnection(NetworkChannel channel, string peer, string clientId, TimeProvider clock, SaslLogin? login)
    {
        _channel = channel;
        _peer = peer;
        _clientId = clientId;
        _clock = clock;
        _sasl = login is null ? null : new SaslConversation(login, peer);
        _timeouts = clock.CreateTimer(static c => ((
            TcpBrokerConnection)c!).CheckTimeouts(), this, TimeoutCheckInterval, TimeoutCheckInterval);
        _readLoop = Task.Run(ReadLoopAsync);
    }

    public bool IsOpen => Volatile.Read(ref _failure) is null;

    public ValueTask<Reply<TResponse>> SendAsync<TResponse>(
        IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        var written = WriteAsync(request, version, timeout, cancellationToken);
#pragma warning disable VSTHRD103 // it has ended: taking the result blocks nobody
        return written.IsCompletedSuccessfully
            ? written.Result.WaitAsync(cancellationToken)
            : AwaitAsync(written, cancellationToken);
#pragma warning restore VSTHRD103
    }

    /// <summary>Tells the broker who this is, before anything else is sent.</summary>
    /// <param name="timeout">How long the broker may take for each answer.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="BrokerException">The broker refuses.</exception>
    public async Task AuthenticateAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await _writeGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RunSaslAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writeGate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Close(Lost("the client closed the connection"));
        await _readLoop.ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Reply<TResponse>> AwaitAsync<TResponse>(
        ValueTask<PendingAnswer<TResponse>> written, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new() =>
        await (await written.ConfigureAwait(false)).WaitAsync(cancellationToken).ConfigureAwait(false);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<PendingAnswer<TResponse>> WriteAsync<TResponse>(
        IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        await _writeGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_reauthenticateAt != long.MaxValue && _clock.GetTimestamp() >= _reauthenticateAt)
            {
                await RunSaslAsync(timeout, cancellationToken).ConfigureAwait(false);
            }

            return await WriteAloneAsync(request, version, timeout).ConfigureAwait(false);
        }
        finally
        {
            _writeGate.Release();
        }
    }

    /// <summary>Writes a request; the caller holds the write gate.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<PendingAnswer<TResponse>> WriteAloneAsync<TResponse>(
        IRequest<TResponse> request, short version, TimeSpan timeout)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        var correlationId = _nextCorrelationId++;
        var deadline = _clock.GetTimestamp() + (long)(timeout.TotalSeconds * _clock.TimestampFrequency);
        var pending = PendingAnswer<TResponse>.Rent(request.ApiKey, version, correlationId, deadline);
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

    /// <summary>
    /// Authenticates; the caller holds the write gate or is alone. Requests sent before are answered first, those after wait: the broker
    /// takes no others in between.
    /// </summary>
    private async Task RunSaslAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            var lifetime = await _sasl!.RunAsync(SendAloneAsync, SendAloneAsync, cancellationToken).ConfigureAwait(false);
            _reauthenticateAt = lifetime > TimeSpan.Zero
                ? _clock.GetTimestamp() + (long)(lifetime.TotalSeconds * SessionShare * _clock.TimestampFrequency)
                : long.MaxValue;
        }
        catch (Exception e)
        {
            // Half an exchange leaves no way to go on with this connection.
            Close(e is BrokerException ? e : Lost(e.Message));
            throw;
        }

        async Task<TResponse> SendAloneAsync<TResponse>(IRequest<TResponse> request, short version)
            where TResponse : class, IResponse, IVersioned<TResponse>, new()
        {
            var pending = await WriteAloneAsync(request, version, timeout).ConfigureAwait(false);
            return (await pending.WaitAsync(cancellationToken).ConfigureAwait(false)).Message;
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
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
            await _channel.SendAsync(_segments).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The requests that wait, this one among them, learn of it through the failure.
            Close(Ended(e.Message));
        }
    }

    private async Task ReadLoopAsync()
    {
        var reader = new FrameReader(_channel);
        try
        {
            while (true)
            {
                var frame = await reader.ReadAsync().ConfigureAwait(false);
                if (frame is null)
                {
                    Close(Ended("the broker closed the connection"));
                    return;
                }

                _isAnswered = true;

                Dispatch(frame);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            Close(Ended(e.Message));
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

        var isLent = false;
        try
        {
            var body = new ProtocolReader(frame.Bytes, pending.Subject);
            var correlationId = MessageFrame.ReadResponseHeader(ref body, pending.ApiKey, pending.Version);
            if (correlationId != pending.CorrelationId)
            {
                throw new ProtocolException($"{_peer} answered request {correlationId} where {pending.CorrelationId} was next");
            }

            isLent = LentReplies.Contains(pending.ApiKey);
            body.Arena = isLent ? frame.Arena : null;
            pending.Complete(ref body, isLent ? frame.Share() : null);
        }
        catch (Exception e)
        {
            pending.Fail(e);
            throw;
        }
        finally
        {
            if (!isLent)
            {
                frame.Release();
            }
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
        _channel.Dispose();
        foreach (var pending in waiting)
        {
            pending.Fail(failure);
        }
    }

    private BrokerException Ended(string reason) =>
        Lost(!_isAnswered && _channel.EarlyEndHint is { } hint ? $"{reason}; {hint}" : reason);

    private BrokerException Lost(string reason) => new(ErrorCode.NetworkException, $"connection to {_peer}", reason);
}
