using StreamFlow.Broker.Security;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lists the delegation tokens that a client may see (KIP-48), with what it takes to use them.</summary>
internal sealed class DescribeDelegationTokenHandler(DelegationTokens tokens, TokenRequests requests)
    : RequestHandler<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse>
{
    protected override ValueTask<DescribeDelegationTokenResponse?> HandleAsync(
        RequestContext context, DescribeDelegationTokenRequest request)
    {
        if (!TokenRequests.MayAsk(context.Session))
        {
            return new(new DescribeDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed });
        }

        if (!tokens.IsEnabled)
        {
            return new(new DescribeDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenAuthDisabled });
        }

        var owners = request.Owners?.ConvertAll(o => new Principal(o.PrincipalType, o.PrincipalName));
        var seen = tokens.All.Where(t => owners is null || owners.Exists(t.Concerns)).Where(t => requests.MaySee(context, t));
        return new(new DescribeDelegationTokenResponse
        {
            Tokens = [.. seen.OrderBy(t => t.IssuedAtMs).ThenBy(t => t.Id, StringComparer.Ordinal).Select(Describe)],
        });
    }

    private DescribeDelegationTokenResponse.DescribedDelegationToken Describe(DelegationToken token) => new()
    {
        PrincipalType = token.Owner.Type,
        PrincipalName = token.Owner.Name,
        TokenRequesterPrincipalType = token.Requester.Type,
        TokenRequesterPrincipalName = token.Requester.Name,
        IssueTimestamp = token.IssuedAtMs,
        ExpiryTimestamp = token.ExpiresAtMs,
        MaxTimestamp = token.EndsAtMs,
        TokenId = token.Id,
        Hmac = tokens.HmacOf(token.Id),
        Renewers =
        [
            .. token.Renewers.Select(r => new DescribeDelegationTokenResponse.DescribedDelegationTokenRenewer
            {
                PrincipalType = r.Type,
                PrincipalName = r.Name,
            }),
        ],
    };
}
