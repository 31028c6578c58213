using System.Text;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>PLAIN (RFC 4616): one message, <c>authorization id NUL user NUL password</c>. Fit for encrypted listeners only.</summary>
internal sealed class PlainExchange(PlainUsers users) : ISaslExchange
{
    public ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token) => new(Step(token.Span));

    private SaslStep Step(ReadOnlySpan<byte> token)
    {
        var first = token.IndexOf((byte)0);
        var second = first < 0 ? -1 : token[(first + 1)..].IndexOf((byte)0);
        if (second < 0 || token[(first + second + 2)..].Contains((byte)0))
        {
            return SaslStep.Fail("Invalid SASL/PLAIN response: expected 3 tokens");
        }

        var authorizationId = Encoding.UTF8.GetString(token[..first]);
        var user = Encoding.UTF8.GetString(token.Slice(first + 1, second));
        var password = token[(first + second + 2)..];
        if (user.Length == 0 || password.Length == 0)
        {
            return SaslStep.Fail($"Authentication failed: {(user.Length == 0 ? "username" : "password")} not specified");
        }

        if (!users.Check(user, password))
        {
            return SaslStep.Fail("Authentication failed: Invalid username or password");
        }

        return authorizationId.Length == 0 || authorizationId == user
            ? SaslStep.Done(Principal.User(user), [])
            : SaslStep.Fail("Authentication failed: Client requested an authorization id that is different from username");
    }
}
