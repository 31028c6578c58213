using System.Security.Cryptography;
using System.Text;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>
/// Makes up credentials for users that do not exist, the same ones each time, so that a guesser cannot tell from the salt which users
/// there are. The secret lives as long as the broker.
/// </summary>
internal sealed class ScramSecret
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A credential that no password fits.</summary>
    public ScramCredential CredentialOf(string user, ScramMechanism mechanism)
    {
        var salt = mechanism.Hmac(_key, Encoding.UTF8.GetBytes(user))[..ScramCredential.SaltSize];
        var nothing = new byte[mechanism.HashSize];
        return new ScramCredential(salt, nothing, nothing, ScramCredential.UsualIterations);
    }
}
