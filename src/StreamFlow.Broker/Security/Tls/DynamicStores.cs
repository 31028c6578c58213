using System.Collections.Immutable;
using StreamFlow.Broker.Configuration;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Tls;

/// <summary>
/// The settings of key and trust stores that can be changed while the broker runs, of one broker and one listener at a time (KIP-226):
/// <c>listener.name.NAME.ssl.keystore.location</c> and the like.
/// </summary>
internal static class DynamicStores
{
    private const string ListenerPrefix = "listener.name.";

    private static readonly string[] Keys =
    [
        "ssl.keystore.type", "ssl.keystore.location", "ssl.keystore.password", "ssl.keystore.key", "ssl.keystore.certificate.chain",
        "ssl.key.password", "ssl.truststore.type", "ssl.truststore.location", "ssl.truststore.password", "ssl.truststore.certificates",
    ];

    /// <summary>Whether a setting is one of these.</summary>
    public static bool Has(string key) => key.StartsWith(ListenerPrefix, StringComparison.Ordinal)
        && Array.Exists(Keys, k => key.EndsWith($".{k}", StringComparison.Ordinal));

    /// <summary>The settings of the start with what was changed since.</summary>
    public static BrokerOptions Apply(BrokerOptions options, ImmutableSortedDictionary<string, string> nodeConfigs) => options with
    {
        ListenerSettings = options.ListenerSettings.SetItems(nodeConfigs.Where(c => Has(c.Key))
            .Select(c => KeyValuePair.Create(c.Key[ListenerPrefix.Length..], c.Value))),
    };

    /// <summary>What is wrong with changed settings; null when every listener could use its stores.</summary>
    public static string? WhyUnusable(BrokerOptions options, ImmutableSortedDictionary<string, string> nodeConfigs)
    {
        try
        {
            foreach (var listener in ListenerParser.Parse(Apply(options, nodeConfigs)).Where(l => l.Protocol.UsesTls()))
            {
                TlsListener.Load(listener.Name, listener.Security);
            }

            return null;
        }
        catch (ConfigurationException e)
        {
            return e.Message;
        }
    }
}
