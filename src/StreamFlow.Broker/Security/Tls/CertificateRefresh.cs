using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Tls;

/// <summary>
/// Has listeners use new certificates without a restart: when a setting of their stores has changed, and when the files have. Handshakes
/// that follow use them; connections that are open stay as they are. Stores that cannot be read leave the old ones in use. Called by
/// the metadata log's thread and by background work.
/// </summary>
internal sealed partial class CertificateRefresh(
    BrokerOptions options, MetadataLog metadata, ImmutableArray<SecuredListener> listeners, ILogger logger)
{
    /// <summary>Whether there is anything to refresh.</summary>
    public bool IsNeeded => listeners.Any(l => l.Tls is not null);

    /// <summary>Looks at the settings and the files of all listeners.</summary>
    public void Run()
    {
        var current = DynamicStores.Apply(options, metadata.Image.NodeConfigs);
        foreach (var (listener, tls, _) in listeners)
        {
            try
            {
                if (tls?.Refresh(ListenerSecurity.Of(current, listener.Name)) == true)
                {
                    LogReplaced(listener.Name);
                }
            }
            catch (ConfigurationException e)
            {
                LogUnusable(listener.Name, e.Message);
            }
        }
    }

    [LoggerMessage(EventIds.CertificatesReplaced, LogLevel.Information, "Listener {Listener} uses new certificates from now on")]
    private partial void LogReplaced(string listener);

    [LoggerMessage(EventIds.CertificatesUnusable, LogLevel.Warning, "Listener {Listener} keeps its certificates: {Reason}")]
    private partial void LogUnusable(string listener, string reason);
}
