using System.Collections.Immutable;

namespace StreamFlow.Broker.Security.Tokens;

/// <summary>
/// A token with which somebody may act as its owner for a while (KIP-48). Its password is not kept: it follows from the id and the
/// broker's secret.
/// </summary>
/// <param name="Id">Its name, which is the user name in SCRAM.</param>
/// <param name="Owner">As whom its bearer acts.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="Renewers">Who may renew it besides.</param>
/// <param name="IssuedAtMs">When it was made (ms since 1970).</param>
/// <param name="ExpiresAtMs">When it ends unless it is renewed (ms since 1970).</param>
/// <param name="EndsAtMs">When it ends at the latest (ms since 1970).</param>
internal sealed record DelegationToken(
    string Id,
    Principal Owner,
    Principal Requester,
    ImmutableArray<Principal> Renewers,
    long IssuedAtMs,
    long ExpiresAtMs,
    long EndsAtMs)
{
    /// <summary>Whether its time is over.</summary>
    public bool IsExpiredAt(long nowMs) => ExpiresAtMs < nowMs || EndsAtMs < nowMs;

    /// <summary>Whether somebody has to do with it: its owner, who asked for it, and those who may renew it.</summary>
    public bool Concerns(Principal principal) => principal == Owner || principal == Requester || Renewers.Contains(principal);
}
