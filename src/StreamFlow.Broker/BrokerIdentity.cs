using System.Collections.Concurrent;
using StreamFlow.Broker.Security;

namespace StreamFlow.Broker;

/// <summary>How clients know this broker. The addresses are set once the sockets are open.</summary>
/// <param name="nodeId">Its id.</param>
/// <param name="clusterId">The cluster's id, made when the data directory was.</param>
/// <param name="rack">Its rack, or null.</param>
internal sealed class BrokerIdentity(int nodeId, string clusterId, string? rack)
{
    private readonly ConcurrentDictionary<Listener, (string Host, int Port)> _addresses = new();

    public int NodeId => nodeId;

    public string ClusterId => clusterId;

    public string? Rack => rack;

    /// <summary>Sets what clients of a listener are told.</summary>
    public void SetAddress(Listener listener, string host, int port) => _addresses[listener] = (host, port);

    /// <summary>
    /// Where a client finds this broker: at the listener that it came in by. In-process clients need no address, and without a socket
    /// nobody connects.
    /// </summary>
    public (string Host, int Port) AddressFor(RequestContext context) =>
        context.Session.Listener is { } secured && _addresses.TryGetValue(secured.Listener, out var address)
            ? address
            : _addresses.Values.OrderBy(a => a.Port).FirstOrDefault(("localhost", 0));
}
