using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Net;

/// <summary>
/// One request in progress, with everything that it needs until its response has been written. Slots are used again and again
/// (<see cref="RequestMemory.Slots"/>), so that a request allocates nothing. The connection's loop owns it; its handler ends on any thread.
/// </summary>
internal sealed class RequestSlot : IValueTaskSource
{
    private readonly Action _onCompleted;
    private ConfiguredValueTaskAwaitable<IResponse?>.ConfiguredValueTaskAwaiter _running;
    private ManualResetValueTaskSourceCore<bool> _done;
    private ConnectionWake? _wakes;
    private PooledFrame? _frame;
    private IResponse? _response;
    private ExceptionDispatchInfo? _error;

    public RequestSlot()
    {
        Context = new RequestContext(Arena);
        _onCompleted = OnCompleted;
    }

    /// <summary>Where the objects of request and response come from.</summary>
    public MessageArena Arena { get; } = new();

    public RequestContext Context { get; }

    public ApiKey ApiKey { get; private set; }

    public int CorrelationId { get; private set; }

    /// <summary>Bytes of the request.</summary>
    public int RequestSize { get; private set; }

    /// <summary>Whether the handler has ended, well or not.</summary>
    public bool IsCompleted => _done.GetStatus(_done.Version) != ValueTaskSourceStatus.Pending;

    /// <summary>Takes over a request's bytes.</summary>
    public void Begin(PooledFrame frame)
    {
        _frame = frame;
        RequestSize = frame.Count;
        _done.Reset();
    }

    /// <summary>Follows the handler's work.</summary>
    /// <param name="apiKey">What was asked.</param>
    /// <param name="correlationId">The number that the response has to bear.</param>
    /// <param name="running">The work.</param>
    /// <param name="wakes">Ends the connection's read when the work ends later; null for none.</param>
    public void Follow(ApiKey apiKey, int correlationId, ValueTask<IResponse?> running, ConnectionWake? wakes)
    {
        (ApiKey, CorrelationId, _wakes) = (apiKey, correlationId, wakes);

        // Such a request ends on the thread that syncs, which has no time for a connection's loop.
        _done.RunContinuationsAsynchronously = wakes is not null;
        _running = running.ConfigureAwait(false).GetAwaiter();
        if (_running.IsCompleted)
        {
            Complete();
        }
        else
        {
            _running.UnsafeOnCompleted(_onCompleted);
        }
    }

    /// <summary>Ends when the handler has; it does not throw what the handler did. One wait a request.</summary>
    public ValueTask WaitAsync() => new(this, _done.Version);

    /// <summary>What the handler answered, or throws what it threw.</summary>
    public IResponse? Take()
    {
        _error?.Throw();
        return _response;
    }

    /// <summary>The response has been written: gives back what the request took.</summary>
    public void End()
    {
        Context.Dispose();
        Arena.Reset();
        _frame?.Dispose();
        (_frame, _response, _error, _wakes, _running) = (null, null, null, null, default);
    }

    /// <summary>Lets go of a request whose handler is still at work. The slot is not used again.</summary>
    public void Abandon() => _frame?.Abandon();

    void IValueTaskSource.GetResult(short token) => _done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);

    private void OnCompleted()
    {
        // The slot may be in use for another request when the next line is done.
        var wakes = _wakes;
        Complete();
        wakes?.Request();
    }

    private void Complete()
    {
        try
        {
#pragma warning disable VSTHRD002 // the work has ended: taking its result blocks nobody
            _response = _running.GetResult();
#pragma warning restore VSTHRD002
        }
#pragma warning disable CA1031 // whatever it is, the loop hears of it when it takes the response
        catch (Exception e)
#pragma warning restore CA1031
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }

        // The last touch: the loop may end the slot as soon as it sees this.
        _done.SetResult(true);
    }
}
