namespace StreamFlow.Client.Transport;

/// <summary>How the client reaches brokers: over TCP, or by calling a broker in the same process. Thread safe.</summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>Opens a connection.</summary>
    /// <param name="host">Host of the broker, as configured or as metadata gives it.</param>
    /// <param name="port">Port of the broker.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="Core.Errors.BrokerException">With <see cref="Core.Errors.ErrorCode.NetworkException"/>: nobody answers
    /// there.</exception>
    ValueTask<IBrokerConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken);
}
