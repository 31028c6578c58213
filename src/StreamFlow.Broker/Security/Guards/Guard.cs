using StreamFlow.Broker.Handlers;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>
/// Stands before the handler of an API when there is an authorizer. It refuses a request as a whole, or takes out of it what the client
/// may not touch, lets the handler do the rest, and answers for the parts taken out; afterwards it may hide what the client may not see.
/// Requests from within the process pass. The handlers themselves know nothing of this, and without an authorizer it costs nothing.
/// </summary>
internal abstract class Guard : IRequestHandler
{
    private IRequestHandler? _inner;

    public ApiKey ApiKey => Inner.ApiKey;

    public short? HighestVersion => Inner.HighestVersion;

    /// <summary>The API that the guard is for.</summary>
    public abstract ApiKey For { get; }

    protected IRequestHandler Inner => _inner ?? throw new InvalidOperationException("the guard has no handler yet");

    /// <summary>Puts the guard before a handler.</summary>
    public IRequestHandler Before(IRequestHandler handler)
    {
        _inner = handler;
        return this;
    }

    public ValueTask<IResponse?> HandleAsync(RequestContext context, IRequest request) =>
        context.Session.IsInProcess ? Inner.HandleAsync(context, request) : CheckAsync(context, request);

    protected abstract ValueTask<IResponse?> CheckAsync(RequestContext context, IRequest request);
}
