using System.Security.Cryptography;
using System.Text;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>
/// SCRAM without channel binding (RFC 5802): the client's <c>n,,n=user,r=nonce</c>, the broker's <c>r=,s=,i=</c>, the client's
/// <c>c=,r=,p=proof</c>, the broker's <c>v=signature</c>. Credentials come from the metadata log; with the extension <c>tokenauth=true</c>
/// the user is the id of a delegation token (KIP-48), and the client acts as its owner.
/// </summary>
internal sealed class ScramExchange(
    ScramMechanism mechanism, MetadataLog metadata, DelegationTokens tokens, ScramSecret secret) : ISaslExchange
{
    private const string Failed = "Authentication failed during authentication due to invalid credentials with SASL mechanism ";
    private const string TokenExtension = "tokenauth=true";
    private const int NonceSize = 18;

    private string _user = "";
    private string _gs2Header = "";
    private string _firstBare = "";
    private string _serverFirst = "";
    private string _nonce = "";
    private ScramCredential? _credential;
    private DelegationToken? _token;

    public ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token) =>
        new(_credential is null ? First(ScramMessage.Text(token.Span)) : Last(ScramMessage.Text(token.Span)));

    private SaslStep First(string message)
    {
        // n,[authorization id],n=user,r=nonce: two commas end the GS2 header.
        var comma = message.IndexOf(',', StringComparison.Ordinal);
        var end = comma < 0 ? -1 : message.IndexOf(',', comma + 1);
        if (end < 0 || message[..comma] is not ("n" or "y"))
        {
            return SaslStep.Fail("Invalid SCRAM client first message");
        }

        _gs2Header = message[..(end + 1)];
        _firstBare = message[(end + 1)..];
        var user = ScramMessage.Find(_firstBare, 'n') is { } escaped ? ScramMessage.Unescape(escaped) : null;
        if (user is not { Length: > 0 } || ScramMessage.Find(_firstBare, 'r') is not { Length: > 0 } clientNonce)
        {
            return SaslStep.Fail("Invalid SCRAM client first message");
        }

        var authorizationId = message[(comma + 1)..end];
        if (authorizationId.Length > 0 && authorizationId != $"a={ScramMessage.Escape(user)}")
        {
            return SaslStep.Fail("Authentication failed: Client requested an authorization id that is different from username");
        }

        _user = user;
        _credential = CredentialOf(user) ?? secret.CredentialOf(user, mechanism);
        _nonce = clientNonce + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceSize));
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(_credential.Salt)},i={_credential.Iterations}";
        return SaslStep.Continue(Encoding.UTF8.GetBytes(_serverFirst));
    }

    private ScramCredential? CredentialOf(string user)
    {
        if (!_firstBare.Split(',').Contains(TokenExtension, StringComparer.OrdinalIgnoreCase))
        {
            return metadata.Image.ScramUsers.GetValueOrDefault((user, mechanism.Number));
        }

        var found = tokens.Find(user, mechanism);
        _token = found?.Token;
        return found?.Credential;
    }

    /// <summary>
    /// Whether the message repeats the nonce. librdkafka before 2.6.1 puts its own part in front once more, which does no harm: the proof
    /// covers the nonce as this side sent it.
    /// </summary>
    private bool HasNonce(string message) =>
        ScramMessage.Find(message, 'r') is { } nonce && nonce.EndsWith(_nonce, StringComparison.Ordinal);

    private SaslStep Last(string message)
    {
        var credential = _credential!;
        var binding = ScramMessage.FindBytes(message, 'c');
        var proof = ScramMessage.FindBytes(message, 'p');
        var proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        if (binding is null || proof is null || proofAt < 0 || proof.Length != mechanism.HashSize
            || Encoding.UTF8.GetString(binding) != _gs2Header || !HasNonce(message))
        {
            return SaslStep.Fail(Failed + mechanism.Name);
        }

        var signed = Encoding.UTF8.GetBytes($"{_firstBare},{_serverFirst},{message[..proofAt]}");
        var clientKey = mechanism.Hmac(credential.StoredKey, signed);
        for (var i = 0; i < clientKey.Length; i++)
        {
            clientKey[i] ^= proof[i];
        }

        if (!CryptographicOperations.FixedTimeEquals(mechanism.Hash(clientKey), credential.StoredKey))
        {
            return SaslStep.Fail(Failed + mechanism.Name);
        }

        var answer = $"v={Convert.ToBase64String(mechanism.Hmac(credential.ServerKey, signed))}";
        return _token is { } token
            ? SaslStep.Done(token.Owner, Encoding.UTF8.GetBytes(answer), token.ExpiresAtMs) with { IsToken = true }
            : SaslStep.Done(Principal.User(_user), Encoding.UTF8.GetBytes(answer));
    }
}
