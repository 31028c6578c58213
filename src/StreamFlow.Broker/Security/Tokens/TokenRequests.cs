using System.Collections.Immutable;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Tokens;

/// <summary>Who may ask what about delegation tokens.</summary>
internal sealed class TokenRequests(AccessControl access)
{
    /// <summary>
    /// Whether a client may ask at all: it has to have proved who it is, and not by a token, which would let tokens live for ever.
    /// </summary>
    public static bool MayAsk(Session session) => session.Listener is { } secured
        && !session.IsTokenAuthenticated
        && secured.Listener.Protocol != SecurityProtocol.Plaintext
        && session.Principal != Principal.Anonymous;

    /// <summary>Reads principals that tokens can have.</summary>
    /// <returns>False when one of them is no user.</returns>
    public static bool TryRead(IEnumerable<(string Type, string Name)> named, out ImmutableArray<Principal> principals)
    {
        principals = [.. named.Select(n => new Principal(n.Type, n.Name))];
        return principals.All(p => p.Type == Principal.UserType && p.Name.Length > 0);
    }

    /// <summary>Whether a client may have a token made for somebody.</summary>
    public ErrorCode CheckOwner(RequestContext context, Principal owner) =>
        owner == context.Session.Principal || access.Allows(context, AclOperation.CreateTokens, AclResourceType.User, $"{owner}")
            ? ErrorCode.None
            : ErrorCode.DelegationTokenAuthorizationFailed;

    /// <summary>
    /// Whether a client may see a token: its own, one that an ACL shows it, or one of an owner whose tokens an ACL shows it.
    /// </summary>
    public bool MaySee(RequestContext context, DelegationToken token) =>
        token.Concerns(context.Session.Principal)
        || access.Allows(context, AclOperation.Describe, AclResourceType.DelegationToken, token.Id)
        || access.Allows(context, AclOperation.DescribeTokens, AclResourceType.User, $"{token.Owner}");
}
