using StreamFlow.Protocol;

namespace StreamFlow.Broker.Net;

/// <summary>A request whose response has still to be written.</summary>
internal sealed class PendingResponse(
    ApiKey apiKey, int correlationId, RequestContext context, PooledFrame frame, ValueTask<IResponse?> response)
    : IDisposable
{
    // Kept as a task from the start when it has not completed, because a value task may be awaited only once.
    private readonly Task<IResponse?>? _running = response.IsCompletedSuccessfully ? null : response.AsTask();

    public ApiKey ApiKey => apiKey;

    public int CorrelationId => correlationId;

    public RequestContext Context => context;

    /// <summary>Bytes of the request.</summary>
    public int RequestSize => frame.Count;

    public bool IsCompleted => _running is null || _running.IsCompleted;

    /// <summary>The handler's work, completed at once when it has been done already.</summary>
    public Task Running => _running ?? Task.CompletedTask;

    public ValueTask<IResponse?> TakeAsync() => _running is null ? response : new ValueTask<IResponse?>(_running);

    /// <summary>Lets go of a request whose handler may still be reading it.</summary>
    public void Abandon() => frame.Abandon();

    /// <inheritdoc/>
    public void Dispose()
    {
        context.Dispose();
        frame.Dispose();
    }
}
