using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Has a delegation token end sooner, or at once (KIP-48).</summary>
internal sealed class ExpireDelegationTokenHandler(DelegationTokens tokens)
    : RequestHandler<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse>
{
    protected override async ValueTask<ExpireDelegationTokenResponse?> HandleAsync(
        RequestContext context, ExpireDelegationTokenRequest request)
    {
        var session = context.Session;
        if (!TokenRequests.MayAsk(session))
        {
            return new() { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed };
        }

        var (error, expires) = await tokens.ExpireAsync(request.Hmac, session.Principal, request.ExpiryTimePeriodMs).ConfigureAwait(false);
        return new() { ErrorCode = error, ExpiryTimestampMs = expires };
    }
}
