using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lets a delegation token live longer (KIP-48).</summary>
internal sealed class RenewDelegationTokenHandler(DelegationTokens tokens)
    : RequestHandler<RenewDelegationTokenRequest, RenewDelegationTokenResponse>
{
    protected override async ValueTask<RenewDelegationTokenResponse?> HandleAsync(
        RequestContext context, RenewDelegationTokenRequest request)
    {
        var session = context.Session;
        if (!TokenRequests.MayAsk(session))
        {
            return new() { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed };
        }

        var (error, expires) = await tokens.RenewAsync(request.Hmac, session.Principal, request.RenewPeriodMs).ConfigureAwait(false);
        return new() { ErrorCode = error, ExpiryTimestampMs = expires };
    }
}
