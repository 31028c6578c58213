using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>
/// Checks JSON web tokens (RFC 7519): the signature with a key of the issuer's set, that the token is valid now, and issuer and audience
/// where the operator names them. Thread safe.
/// </summary>
internal sealed class TokenValidator
{
    private const int LargestToken = 64 * 1024;

    private readonly SecurityOptions _options;
    private readonly KeySet? _keys;
    private readonly BrokerClock _clock;

    private TokenValidator(SecurityOptions options, KeySet? keys, BrokerClock clock)
    {
        _options = options;
        _keys = keys;
        _clock = clock;
    }

    /// <summary>Makes the validator of a listener.</summary>
    /// <exception cref="ConfigurationException">There is neither a key set nor leave to do without.</exception>
    public static TokenValidator Create(string listener, SecurityOptions options, BrokerClock clock, ILogger logger)
    {
        if (options.JwksUrl is null && !options.AllowUnsecuredTokens)
        {
            throw new ConfigurationException(
                $"OAUTHBEARER on listener {listener} needs sasl.oauthbearer.jwks.endpoint.url to check signatures with "
                    + "(or, for development only, sasl.oauthbearer.allow.unsecured=true)");
        }

        var keys = options.JwksUrl is { } url ? KeySet.At(url, TimeSpan.FromMilliseconds(options.JwksRefreshMs), clock, logger) : null;
        return new TokenValidator(options, keys, clock);
    }

    /// <summary>Checks a token.</summary>
    public async ValueTask<TokenVerdict> ValidateAsync(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || token.Length > LargestToken
            || !TryDecode(parts[0], out var header) || !TryDecode(parts[1], out var claims))
        {
            return TokenVerdict.Refused("the token is no signed JSON web token");
        }

        using (header)
        using (claims)
        {
            var algorithm = Text(header.RootElement, "alg");
            var problem = algorithm == "none" && _options.AllowUnsecuredTokens
                ? parts[2].Length == 0 ? null : "an unsecured token has a signature"
                : await CheckSignatureAsync(algorithm, Text(header.RootElement, "kid"), parts).ConfigureAwait(false);
            return problem is null ? CheckClaims(claims.RootElement) : TokenVerdict.Refused(problem);
        }
    }

    private async ValueTask<string?> CheckSignatureAsync(string? algorithm, string? keyId, string[] parts)
    {
        var signature = DecodeBytes(parts[2]);
        if (_keys is null || signature is null)
        {
            return "the token is not signed in a way that this broker checks";
        }

        if (await _keys.FindAsync(keyId).ConfigureAwait(false) is not { } key)
        {
            return "the token is signed with a key that is not known";
        }

        return key.Verify(algorithm, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature)
            ? null
            : "the token's signature is not valid";
    }

    private TokenVerdict CheckClaims(JsonElement claims)
    {
        var skew = _options.ClockSkewSeconds * 1000L;
        var now = _clock.NowMs;
        if (Milliseconds(claims, "exp") is not { } expires)
        {
            return TokenVerdict.Refused("the token has no expiry");
        }

        if (now - skew >= expires)
        {
            return TokenVerdict.Refused("the token has expired");
        }

        if (Milliseconds(claims, "nbf") > now + skew || Milliseconds(claims, "iat") > now + skew)
        {
            return TokenVerdict.Refused("the token is not valid yet");
        }

        if (_options.ExpectedIssuer is { } issuer && Text(claims, "iss") != issuer)
        {
            return TokenVerdict.Refused("the token is of another issuer");
        }

        if (!_options.ExpectedAudience.IsEmpty && !AudienceOf(claims).Any(a => _options.ExpectedAudience.Contains(a)))
        {
            return TokenVerdict.Refused("the token is meant for another audience");
        }

        return Text(claims, _options.SubClaim) is { Length: > 0 } user
            ? new TokenVerdict(user, expires, null)
            : TokenVerdict.Refused($"the token has no claim {_options.SubClaim}");
    }

    private static IEnumerable<string> AudienceOf(JsonElement claims)
    {
        if (!claims.TryGetProperty("aud", out var audience))
        {
            return [];
        }

        return audience.ValueKind switch
        {
            JsonValueKind.String => [audience.GetString()!],
            JsonValueKind.Array => audience.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!),
            _ => [],
        };
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A time claim, which is in seconds.</summary>
    private static long? Milliseconds(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && Math.Abs(seconds) < long.MaxValue / 1000.0
            ? (long)(seconds * 1000)
            : null;

    private static bool TryDecode(string part, out JsonDocument document)
    {
        document = null!;
        if (DecodeBytes(part) is not { } bytes)
        {
            return false;
        }

        try
        {
            document = JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            return false;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return true;
        }

        document.Dispose();
        return false;
    }

    private static byte[]? DecodeBytes(string part) => Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;
}
