using StreamFlow.Protocol;

namespace StreamFlow.Broker.Handlers;

/// <summary>Serves the requests of one API, the same for every transport.</summary>
internal interface IRequestHandler
{
    /// <summary>The API served.</summary>
    ApiKey ApiKey { get; }

    /// <summary>The newest version served; null for the newest that the protocol offers.</summary>
    short? HighestVersion { get; }

    /// <summary>Handles a request.</summary>
    /// <returns>The response, or null when the request wants none (produce with acks=0).</returns>
    ValueTask<IResponse?> HandleAsync(RequestContext context, IRequest request);
}
