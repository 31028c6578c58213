using System.Security.Cryptography;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Client.Security;

/// <summary>SCRAM (RFC 5802): proves to know the password without sending it, and wants the same proof of the broker.</summary>
/// <param name="mechanism">The hash.</param>
/// <param name="user">The user, or the id of a delegation token.</param>
/// <param name="password">The password, or the token's HMAC in Base64.</param>
/// <param name="isToken">Whether the client acts as the owner of a delegation token (KIP-48).</param>
internal sealed class ScramClient(ScramMechanism mechanism, string user, string password, bool isToken = false) : ISaslClient
{
    private const string Gs2Header = "n,,";
    private const int NonceSize = 18;

    // More rounds than Kafka allows would let a false broker burn this client's time.
    private const int MostIterations = 1_000_000;

    private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceSize));
    private byte[]? _expectedSignature;

    private string FirstBare => $"n={ScramMessage.Escape(user)},r={_nonce}{(isToken ? ",tokenauth=true" : "")}";

    public ValueTask<byte[]> BeginAsync(CancellationToken cancellationToken) => new(Encoding.UTF8.GetBytes(Gs2Header + FirstBare));

    public byte[]? Next(byte[] answer)
    {
        var message = ScramMessage.Text(answer);
        if (_expectedSignature is null)
        {
            return Prove(message);
        }

        return ScramMessage.FindBytes(message, 'v') is { } signature
            && CryptographicOperations.FixedTimeEquals(signature, _expectedSignature)
            ? null
            : throw Refused("the broker does not know the password either");
    }

    private byte[] Prove(string serverFirst)
    {
        var nonce = ScramMessage.Find(serverFirst, 'r');
        var salt = ScramMessage.FindBytes(serverFirst, 's');
        if (nonce is null || !nonce.StartsWith(_nonce, StringComparison.Ordinal) || nonce.Length == _nonce.Length || salt is null
            || !int.TryParse(ScramMessage.Find(serverFirst, 'i'), out var iterations)
            || iterations < mechanism.MinIterations || iterations > MostIterations)
        {
            throw Refused("the broker's challenge is not valid");
        }

        var salted = mechanism.SaltedPassword(Encoding.UTF8.GetBytes(password), salt, iterations);
        var withoutProof = $"c={Convert.ToBase64String(Encoding.ASCII.GetBytes(Gs2Header))},r={nonce}";
        var signed = Encoding.UTF8.GetBytes($"{FirstBare},{serverFirst},{withoutProof}");
        var clientKey = mechanism.ClientKey(salted);
        var proof = mechanism.Hmac(mechanism.Hash(clientKey), signed);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= clientKey[i];
        }

        _expectedSignature = mechanism.Hmac(mechanism.ServerKey(salted), signed);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    private BrokerException Refused(string reason) =>
        new(ErrorCode.SaslAuthenticationFailed, $"authenticate {user} by {mechanism.Name}", reason);
}
