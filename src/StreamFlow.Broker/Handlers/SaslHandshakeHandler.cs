using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Begins to authenticate a connection. On a listener without SASL there is nothing to begin.</summary>
internal sealed class SaslHandshakeHandler : RequestHandler<SaslHandshakeRequest, SaslHandshakeResponse>
{
    protected override ValueTask<SaslHandshakeResponse?> HandleAsync(RequestContext context, SaslHandshakeRequest request)
    {
        var response = context.Session.Sasl?.Handshake(request.Mechanism, context.ApiVersion)
            ?? new SaslHandshakeResponse { ErrorCode = ErrorCode.IllegalSaslState };

        // After an unknown mechanism as well the client has to begin anew.
        context.MustClose = response.ErrorCode != ErrorCode.None && context.Session.Sasl is not null;
        return new(response);
    }
}
