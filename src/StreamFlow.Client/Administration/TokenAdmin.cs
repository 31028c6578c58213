using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Administration;

/// <summary>The admin calls about delegation tokens.</summary>
internal sealed class TokenAdmin(AdminCalls calls)
{
    // What a negative period means: the broker's limit or default; for the end of a token, at once.
    private const long NoPeriod = -1;

    public async Task<TokenDescription> CreateAsync(
        IReadOnlyCollection<string> renewers, string? owner, TimeSpan? maxLifetime, CancellationToken cancellationToken)
    {
        var request = new CreateDelegationTokenRequest
        {
            Renewers = [.. renewers.Select(PrincipalOf).Select(p => new CreateDelegationTokenRequest.CreatableRenewers
            {
                PrincipalType = p.Type, PrincipalName = p.Name,
            })],
            MaxLifetimeMs = PeriodOf(maxLifetime),
        };
        if (owner is not null)
        {
            (request.OwnerPrincipalType, request.OwnerPrincipalName) = PrincipalOf(owner);
        }

        var answer = await calls.AnyAsync(
            request, a => Problem(a.ErrorCode, "create a delegation token"), cancellationToken).ConfigureAwait(false);
        var isOld = answer.TokenRequesterPrincipalName.Length == 0;
        return new TokenDescription(
            answer.TokenId,
            answer.Hmac,
            $"{answer.PrincipalType}:{answer.PrincipalName}",
            isOld
                ? $"{answer.PrincipalType}:{answer.PrincipalName}"
                : $"{answer.TokenRequesterPrincipalType}:{answer.TokenRequesterPrincipalName}",
            [.. renewers],
            TimeOf(answer.IssueTimestampMs),
            TimeOf(answer.ExpiryTimestampMs),
            TimeOf(answer.MaxTimestampMs));
    }

    public async Task<DateTimeOffset> RenewAsync(ReadOnlyMemory<byte> hmac, TimeSpan? period, CancellationToken cancellationToken)
    {
        var request = new RenewDelegationTokenRequest { Hmac = hmac.ToArray(), RenewPeriodMs = PeriodOf(period) };
        var answer = await calls.AnyAsync(
            request, a => Problem(a.ErrorCode, "renew a delegation token"), cancellationToken).ConfigureAwait(false);
        return TimeOf(answer.ExpiryTimestampMs);
    }

    public async Task<DateTimeOffset> ExpireAsync(ReadOnlyMemory<byte> hmac, TimeSpan? period, CancellationToken cancellationToken)
    {
        var request = new ExpireDelegationTokenRequest { Hmac = hmac.ToArray(), ExpiryTimePeriodMs = PeriodOf(period) };
        var answer = await calls.AnyAsync(
            request, a => Problem(a.ErrorCode, "expire a delegation token"), cancellationToken).ConfigureAwait(false);
        return TimeOf(answer.ExpiryTimestampMs);
    }

    public async Task<IReadOnlyList<TokenDescription>> ListAsync(IEnumerable<string>? owners, CancellationToken cancellationToken)
    {
        var request = new DescribeDelegationTokenRequest
        {
            Owners = owners?.Select(PrincipalOf).Select(p => new DescribeDelegationTokenRequest.DescribeDelegationTokenOwner
            {
                PrincipalType = p.Type, PrincipalName = p.Name,
            }).ToList(),
        };
        var answer = await calls.AnyAsync(
            request, a => Problem(a.ErrorCode, "list delegation tokens"), cancellationToken).ConfigureAwait(false);
        return
        [
            .. answer.Tokens.Select(t => new TokenDescription(
                t.TokenId,
                t.Hmac,
                $"{t.PrincipalType}:{t.PrincipalName}",
                t.TokenRequesterPrincipalName.Length == 0
                    ? $"{t.PrincipalType}:{t.PrincipalName}"
                    : $"{t.TokenRequesterPrincipalType}:{t.TokenRequesterPrincipalName}",
                [.. t.Renewers.Select(r => $"{r.PrincipalType}:{r.PrincipalName}")],
                TimeOf(t.IssueTimestamp),
                TimeOf(t.ExpiryTimestamp),
                TimeOf(t.MaxTimestamp))),
        ];
    }

    private static (string Type, string Name) PrincipalOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1
            ? (text[..colon], text[(colon + 1)..])
            : throw new ConfigurationException($"'{text}' is not a principal: write it as User:NAME");
    }

    private static long PeriodOf(TimeSpan? period) => period is { } given ? (long)given.TotalMilliseconds : NoPeriod;

    private static DateTimeOffset TimeOf(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private static BrokerException? Problem(ErrorCode error, string what) =>
        error == ErrorCode.None ? null : new BrokerException(error, what);
}
