using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Broker.Security.Tls;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security;

/// <summary>Loads what the listeners need, so that a wrong setting is told before a socket is open.</summary>
internal static class BrokerSecurity
{
    /// <summary>The listeners with their stores and mechanisms.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or cannot be used.</exception>
    public static ImmutableArray<SecuredListener> Load(
        BrokerOptions options, MetadataLog metadata, DelegationTokens tokens, BrokerClock clock, ILogger logger)
    {
        var secret = new ScramSecret();
        var listeners = ImmutableArray.CreateBuilder<SecuredListener>();
        foreach (var listener in ListenerParser.Parse(DynamicStores.Apply(options, metadata.Image.NodeConfigs)))
        {
            var tls = listener.Protocol.UsesTls() ? TlsListener.Load(listener.Name, listener.Security) : null;
            var sasl = listener.Protocol.UsesSasl()
                ? SaslListener.Load(options, listener, metadata, tokens, secret, clock, logger)
                : null;
            listeners.Add(new SecuredListener(listener, tls, sasl));
        }

        return listeners.ToImmutable();
    }
}
