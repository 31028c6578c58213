namespace StreamFlow.Broker;

/// <summary>How clients know this broker. The address is set once the sockets are open.</summary>
/// <param name="nodeId">Its id.</param>
/// <param name="clusterId">The cluster's id, made when the data directory was.</param>
/// <param name="rack">Its rack, or null.</param>
internal sealed class BrokerIdentity(int nodeId, string clusterId, string? rack)
{
    public int NodeId => nodeId;

    public string ClusterId => clusterId;

    public string? Rack => rack;

    /// <summary>Without a socket nobody connects; in-process clients need no address.</summary>
    public string Host { get; set; } = "localhost";

    public int Port { get; set; }
}
