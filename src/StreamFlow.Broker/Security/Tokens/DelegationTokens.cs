using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Security.Tokens;

/// <summary>
/// Makes, renews and ends delegation tokens in the metadata log, and tells their passwords: HMAC-SHA-512 of the id under the broker's
/// secret, as in Kafka, so that the log holds none. Without a secret there are no tokens. Any thread may call.
/// </summary>
internal sealed class DelegationTokens(BrokerOptions options, MetadataLog metadata, IdSource ids, BrokerClock clock)
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(options.DelegationTokenSecretKey ?? "");

    /// <summary>Whether there are tokens at all.</summary>
    public bool IsEnabled => _secret.Length > 0;

    /// <summary>All tokens that are not over.</summary>
    public IEnumerable<DelegationToken> All
    {
        get
        {
            var now = clock.NowMs;
            return metadata.Image.Tokens.Values.Where(t => !t.IsExpiredAt(now));
        }
    }

    /// <summary>What a token's bearer proves to have.</summary>
    public byte[] HmacOf(string tokenId) => HMACSHA512.HashData(_secret, Encoding.UTF8.GetBytes(tokenId));

    /// <summary>
    /// A token in force and its SCRAM credential, whose password is the HMAC in base 64; null when there is no such token.
    /// </summary>
    public (DelegationToken Token, ScramCredential Credential)? Find(string tokenId, ScramMechanism mechanism)
    {
        if (!IsEnabled || !metadata.Image.Tokens.TryGetValue(tokenId, out var token) || token.IsExpiredAt(clock.NowMs))
        {
            return null;
        }

        var salt = RandomNumberGenerator.GetBytes(ScramCredential.SaltSize);
        var password = Encoding.UTF8.GetBytes(Convert.ToBase64String(HmacOf(tokenId)));
        var salted = mechanism.SaltedPassword(password, salt, mechanism.MinIterations);
        return (token, new ScramCredential(
            salt, mechanism.Hash(mechanism.ClientKey(salted)), mechanism.ServerKey(salted), mechanism.MinIterations));
    }

    /// <summary>Makes a token.</summary>
    /// <param name="owner">As whom its bearer acts.</param>
    /// <param name="requester">Who asks for it.</param>
    /// <param name="renewers">Who may renew it besides.</param>
    /// <param name="maxLifetimeMs">How long it can live (ms); 0 or less for as long as the broker allows.</param>
    public async ValueTask<(ErrorCode Error, DelegationToken? Token)> CreateAsync(
        Principal owner, Principal requester, ImmutableArray<Principal> renewers, long maxLifetimeMs)
    {
        if (!IsEnabled)
        {
            return (ErrorCode.DelegationTokenAuthDisabled, null);
        }

        var now = clock.NowMs;
        var lifetime = maxLifetimeMs <= 0
            ? options.DelegationTokenMaxLifetimeMs
            : Math.Min(maxLifetimeMs, options.DelegationTokenMaxLifetimeMs);
        var ends = Later(now, lifetime);
        var token = new DelegationToken(
            NewId(), owner, requester, renewers, now, Math.Min(ends, Later(now, options.DelegationTokenExpiryTimeMs)), ends);
        var error = await metadata.ChangeAsync(_ => [RecordOf(token)]).ConfigureAwait(false);
        return (error, error == ErrorCode.None ? token : null);
    }

    /// <summary>Lets a token live longer, but not beyond its end.</summary>
    /// <param name="hmac">The token's HMAC.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="periodMs">For how long from now (ms); less than 0 for the broker's own.</param>
    /// <returns>An error, or when it expires now (ms since 1970).</returns>
    public ValueTask<(ErrorCode Error, long ExpiresAtMs)> RenewAsync(byte[] hmac, Principal principal, long periodMs) =>
        ChangeAsync(hmac, (token, now) =>
            token.IsExpiredAt(now) ? (ErrorCode.DelegationTokenExpired, null)
            : !token.Concerns(principal) ? (ErrorCode.DelegationTokenOwnerMismatch, null)
            : (ErrorCode.None, token with
            {
                ExpiresAtMs = Math.Min(token.EndsAtMs, Later(now, periodMs < 0 ? options.DelegationTokenExpiryTimeMs : periodMs)),
            }));

    /// <summary>Has a token end sooner.</summary>
    /// <param name="hmac">The token's HMAC.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="periodMs">When from now (ms); less than 0 for at once.</param>
    /// <returns>An error, or when it expires now (ms since 1970).</returns>
    public ValueTask<(ErrorCode Error, long ExpiresAtMs)> ExpireAsync(byte[] hmac, Principal principal, long periodMs) =>
        ChangeAsync(hmac, (token, now) =>
            !token.Concerns(principal) ? (ErrorCode.DelegationTokenOwnerMismatch, null)
            : periodMs < 0 ? (ErrorCode.None, null)
            : token.IsExpiredAt(now) ? (ErrorCode.DelegationTokenExpired, null)
            : (ErrorCode.None, token with { ExpiresAtMs = Math.Min(token.EndsAtMs, Later(now, periodMs)) }));

    /// <summary>Forgets the tokens whose time is over.</summary>
    public async Task SweepAsync()
    {
        if (metadata.Image.Tokens.Values.Any(t => t.IsExpiredAt(clock.NowMs)))
        {
            await metadata.ChangeAsync(image =>
            [
                .. image.Tokens.Values.Where(t => t.IsExpiredAt(clock.NowMs))
                    .Select(t => new RemoveDelegationTokenRecord { TokenId = t.Id }),
            ]).ConfigureAwait(false);
        }
    }

    /// <summary>A record as a token; null when it cannot be one.</summary>
    public static DelegationToken? Read(DelegationTokenRecord record) =>
        Principal.TryParse(record.Owner) is { } owner && Principal.TryParse(record.Requester) is { } requester
            ? new DelegationToken(
                record.TokenId, owner, requester, [.. record.Renewers.Select(Principal.TryParse).OfType<Principal>()],
                record.IssueTimestamp, record.ExpirationTimestamp, record.MaxTimestamp)
            : null;

    private async ValueTask<(ErrorCode Error, long ExpiresAtMs)> ChangeAsync(
        byte[] hmac, Func<DelegationToken, long, (ErrorCode Error, DelegationToken? Next)> change)
    {
        if (!IsEnabled)
        {
            return (ErrorCode.DelegationTokenAuthDisabled, 0);
        }

        var (result, expires) = (ErrorCode.None, 0L);
        var error = await metadata.ChangeAsync(image =>
        {
            var now = clock.NowMs;
            if (image.Tokens.Values.FirstOrDefault(t => CryptographicOperations.FixedTimeEquals(HmacOf(t.Id), hmac)) is not { } token)
            {
                result = ErrorCode.DelegationTokenNotFound;
                return [];
            }

            (result, var next) = change(token, now);
            expires = next?.ExpiresAtMs ?? now;
            return result != ErrorCode.None ? []
                : next is null ? [new RemoveDelegationTokenRecord { TokenId = token.Id }]
                : [RecordOf(next)];
        }).ConfigureAwait(false);
        error = error == ErrorCode.None ? result : error;
        return (error, error == ErrorCode.None ? expires : 0);
    }

    private static DelegationTokenRecord RecordOf(DelegationToken token) => new()
    {
        Owner = $"{token.Owner}",
        Requester = $"{token.Requester}",
        Renewers = [.. token.Renewers.Select(r => $"{r}")],
        IssueTimestamp = token.IssuedAtMs,
        MaxTimestamp = token.EndsAtMs,
        ExpirationTimestamp = token.ExpiresAtMs,
        TokenId = token.Id,
    };

    private static long Later(long now, long ms) => ms > long.MaxValue - now ? long.MaxValue : now + ms;

    /// <summary>An id as Kafka writes them: base 64 for URLs, without padding.</summary>
    private string NewId() =>
        Convert.ToBase64String(ids.Next().ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
