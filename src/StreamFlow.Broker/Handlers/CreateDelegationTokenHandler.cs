using StreamFlow.Broker.Security;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Makes a delegation token (KIP-48), from version 3 on for somebody else too (KIP-373).</summary>
internal sealed class CreateDelegationTokenHandler(DelegationTokens tokens, TokenRequests requests)
    : RequestHandler<CreateDelegationTokenRequest, CreateDelegationTokenResponse>
{
    protected override async ValueTask<CreateDelegationTokenResponse?> HandleAsync(
        RequestContext context, CreateDelegationTokenRequest request)
    {
        var requester = context.Session.Principal;
        var owner = string.IsNullOrEmpty(request.OwnerPrincipalName)
            ? requester
            : new Principal(request.OwnerPrincipalType ?? "", request.OwnerPrincipalName);
        if (!TokenRequests.MayAsk(context.Session))
        {
            return Refuse(ErrorCode.DelegationTokenRequestNotAllowed, owner, requester);
        }

        if (!TokenRequests.TryRead(request.Renewers.Select(r => (r.PrincipalType, r.PrincipalName)), out var renewers)
            || owner.Type != Principal.UserType)
        {
            return Refuse(ErrorCode.InvalidPrincipalType, owner, requester);
        }

        var error = requests.CheckOwner(context, owner);
        if (error != ErrorCode.None)
        {
            return Refuse(error, owner, requester);
        }

        (error, var token) = await tokens.CreateAsync(owner, requester, renewers, request.MaxLifetimeMs).ConfigureAwait(false);
        if (token is null)
        {
            return Refuse(error, owner, requester);
        }

        var response = Refuse(ErrorCode.None, owner, requester);
        response.IssueTimestampMs = token.IssuedAtMs;
        response.ExpiryTimestampMs = token.ExpiresAtMs;
        response.MaxTimestampMs = token.EndsAtMs;
        response.TokenId = token.Id;
        response.Hmac = tokens.HmacOf(token.Id);
        return response;
    }

    private static CreateDelegationTokenResponse Refuse(ErrorCode error, Principal owner, Principal requester) => new()
    {
        ErrorCode = error,
        PrincipalType = owner.Type,
        PrincipalName = owner.Name,
        TokenRequesterPrincipalType = requester.Type,
        TokenRequesterPrincipalName = requester.Name,
        IssueTimestampMs = -1,
        ExpiryTimestampMs = -1,
        MaxTimestampMs = -1,
    };
}
