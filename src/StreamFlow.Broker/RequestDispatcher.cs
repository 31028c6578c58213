using StreamFlow.Broker.Handlers;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;

namespace StreamFlow.Broker;

/// <summary>Brings requests to their handlers, from whichever transport they come.</summary>
internal sealed class RequestDispatcher(HandlerTable handlers, BrokerMetrics metrics)
{
    /// <summary>The versions served of each API.</summary>
    public IReadOnlyList<ApiVersionRange> Served => handlers.Served;

    /// <summary>Handles a request.</summary>
    /// <returns>The response, or null when the request wants none.</returns>
    /// <exception cref="BrokerException">The API is not served.</exception>
    public ValueTask<IResponse?> HandleAsync(RequestContext context, IRequest request)
    {
        metrics.OnRequest(request.ApiKey);
        return handlers.Find(request.ApiKey) is { } handler
            ? handler.HandleAsync(context, request)
            : throw new BrokerException(ErrorCode.UnsupportedVersion, $"{request.ApiKey}", "this broker does not serve the API");
    }

    /// <summary>Handles a token of an authentication that came as a bare frame.</summary>
    public ValueTask<IResponse?> HandleRawTokenAsync(RequestContext context, ReadOnlyMemory<byte> token) =>
        ((SaslAuthenticateHandler)handlers.Find(ApiKey.SaslAuthenticate)!).HandleRawAsync(context, token);

    /// <summary>Whether a version of an API is served.</summary>
    public bool Serves(ApiKey key, short version)
    {
        // By number, because enumerating the interface would allocate.
        for (var i = 0; i < handlers.Served.Count; i++)
        {
            var served = handlers.Served[i];
            if (served.Key == key)
            {
                return version >= served.Lowest && version <= served.HighestOffered;
            }
        }

        return false;
    }
}
