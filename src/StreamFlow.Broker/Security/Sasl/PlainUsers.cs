using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>The users of PLAIN with their passwords, from <c>user_NAME="PASSWORD"</c> in the login module's options.</summary>
internal sealed class PlainUsers
{
    private const string UserPrefix = "user_";

    private readonly FrozenDictionary<string, byte[]> _passwords;

    private PlainUsers(FrozenDictionary<string, byte[]> passwords) => _passwords = passwords;

    /// <summary>Reads the users.</summary>
    /// <exception cref="ConfigurationException">There are none, or they cannot be read.</exception>
    public static PlainUsers Parse(string listener, string? jaas)
    {
#pragma warning disable CA1308 // Kafka's keys have the names in lower case
        var setting = $"listener.name.{listener.ToLowerInvariant()}.plain.sasl.jaas.config";
#pragma warning restore CA1308
        if (jaas is null)
        {
            throw new ConfigurationException(
                $"{setting} is missing; set it to: "
                    + "org.apache.kafka.common.security.plain.PlainLoginModule required user_NAME=\"PASSWORD\";");
        }

        return new PlainUsers(JaasConfig.Parse(setting, jaas).Options
            .Where(o => o.Key.StartsWith(UserPrefix, StringComparison.Ordinal))
            .ToFrozenDictionary(o => o.Key[UserPrefix.Length..], o => Encoding.UTF8.GetBytes(o.Value), StringComparer.Ordinal));
    }

    /// <summary>Whether the password is the user's. Takes as long for users that there are as for others.</summary>
    public bool Check(string user, ReadOnlySpan<byte> password)
    {
        var expected = _passwords.GetValueOrDefault(user, []);
        return CryptographicOperations.FixedTimeEquals(expected, password) && _passwords.ContainsKey(user);
    }
}
