using StreamFlow.Broker;
using StreamFlow.Client.Transport;

namespace StreamFlow.Embedded.InProcess;

/// <summary>Reaches one broker by calling it: whatever address a client asks for, there is only this one.</summary>
internal sealed class InProcessTransport(BrokerServer broker, string clientId, Func<ValueTask> onDisposed) : ITransport
{
    public ValueTask<IBrokerConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken) =>
        new(new InProcessConnection(broker, clientId));

    public ValueTask DisposeAsync() => onDisposed();
}
