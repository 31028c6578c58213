using System.Runtime.CompilerServices;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Handlers;

/// <summary>A handler with the types of its API.</summary>
internal abstract class RequestHandler<TRequest, TResponse> : IRequestHandler
    where TRequest : class, IRequest<TResponse>, new()
    where TResponse : class, IResponse
{
    /// <inheritdoc/>
    public ApiKey ApiKey { get; } = new TRequest().ApiKey;

    /// <inheritdoc/>
    public virtual short? HighestVersion => null;

    /// <inheritdoc/>
    public ValueTask<IResponse?> HandleAsync(RequestContext context, IRequest request)
    {
        var response = HandleAsync(context, (TRequest)request);
        return response.IsCompletedSuccessfully ? new ValueTask<IResponse?>(Take(response)) : AwaitAsync(response);
    }

    protected abstract ValueTask<TResponse?> HandleAsync(RequestContext context, TRequest request);

#pragma warning disable RS0030, VSTHRD002 // the task has completed: taking its result blocks nobody
    private static TResponse? Take(ValueTask<TResponse?> completed) => completed.Result;
#pragma warning restore RS0030, VSTHRD002

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<IResponse?> AwaitAsync(ValueTask<TResponse?> response) => await response.ConfigureAwait(false);
}
