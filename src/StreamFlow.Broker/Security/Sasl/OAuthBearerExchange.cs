using System.Text;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>
/// OAUTHBEARER (RFC 7628): one message with a token, <c>n,,^Aauth=Bearer TOKEN^A^A</c>. A refused token is answered with a JSON status; the
/// client acknowledges with a single ^A, and then learns why.
/// </summary>
internal sealed class OAuthBearerExchange(TokenValidator validator) : ISaslExchange
{
    private const char Separator = '\u0001';
    private const string Scheme = "auth=Bearer ";

    private string? _failure;

    public async ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token)
    {
        if (_failure is not null)
        {
            return SaslStep.Fail(_failure);
        }

        var parts = Encoding.UTF8.GetString(token.Span).Split(Separator);
        var bearer = parts.FirstOrDefault(p => p.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase));
        if (parts.Length < 3 || !parts[0].StartsWith("n,", StringComparison.Ordinal) || bearer is null)
        {
            return SaslStep.Fail("Invalid OAUTHBEARER client first message");
        }

        var verdict = await validator.ValidateAsync(bearer[Scheme.Length..].Trim()).ConfigureAwait(false);
        if (verdict.Failure is not null)
        {
            _failure = verdict.Failure;
            return SaslStep.Continue("""{"status":"invalid_token"}"""u8.ToArray());
        }

        var authorizationId = parts[0].Split(',')[1];
        return authorizationId.Length == 0 || authorizationId == $"a={verdict.User}"
            ? SaslStep.Done(Principal.User(verdict.User), [], verdict.ExpiresAtMs)
            : SaslStep.Fail($"Authentication failed: Client requested an authorization id different from the token's principal");
    }
}
