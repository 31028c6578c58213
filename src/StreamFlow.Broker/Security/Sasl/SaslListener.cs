using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>The mechanisms of one listener.</summary>
/// <param name="Clock">The time of sessions and tokens.</param>
/// <param name="Mechanisms">How to begin an exchange of each.</param>
internal sealed record SaslListener(BrokerClock Clock, FrozenDictionary<string, SaslMechanismSettings> Mechanisms)
{
    /// <summary>Reads the settings of a listener's mechanisms.</summary>
    /// <exception cref="ConfigurationException">A mechanism is not known or lacks a setting.</exception>
    public static SaslListener Load(
        BrokerOptions options,
        Listener listener,
        MetadataLog metadata,
        DelegationTokens tokens,
        ScramSecret secret,
        BrokerClock clock,
        ILogger logger)
    {
        var mechanisms = new Dictionary<string, SaslMechanismSettings>(StringComparer.Ordinal);
        foreach (var name in listener.Security.SaslMechanisms)
        {
            var security = ListenerSecurity.Of(options, listener.Name, name);
            var begin = name switch
            {
                SaslMechanisms.Plain => Plain(PlainUsers.Parse(listener.Name, security.JaasConfig)),
                SaslMechanisms.ScramSha256 => () => new ScramExchange(ScramMechanism.Sha256, metadata, tokens, secret),
                SaslMechanisms.ScramSha512 => () => new ScramExchange(ScramMechanism.Sha512, metadata, tokens, secret),
                SaslMechanisms.OAuthBearer => OAuthBearer(TokenValidator.Create(listener.Name, security, clock, logger)),
                _ => throw new ConfigurationException(
                    $"sasl.enabled.mechanisms of listener {listener.Name} cannot have '{name}'; allowed are "
                        + string.Join(", ", SaslMechanisms.All)),
            };
            mechanisms[name] = new SaslMechanismSettings(begin, security.MaxReauthMs);
        }

        return mechanisms.Count > 0
            ? new SaslListener(clock, mechanisms.ToFrozenDictionary(StringComparer.Ordinal))
            : throw new ConfigurationException($"listener {listener.Name} uses SASL; name its mechanisms in sasl.enabled.mechanisms: "
                + string.Join(", ", SaslMechanisms.All));
    }

    private static Func<ISaslExchange> Plain(PlainUsers users) => () => new PlainExchange(users);

    private static Func<ISaslExchange> OAuthBearer(TokenValidator validator) => () => new OAuthBearerExchange(validator);
}
