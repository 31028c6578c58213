using System.Net.Sockets;
using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Transport;

/// <summary>Kafka's protocol over plain TCP.</summary>
/// <param name="clientId">How this client calls itself in request headers.</param>
/// <param name="connectTimeout">How long an attempt to connect may take.</param>
/// <param name="clock">The clock of timeouts.</param>
public sealed class TcpTransport(string clientId, TimeSpan connectTimeout, TimeProvider clock) : ITransport
{
    /// <inheritdoc/>
    public async ValueTask<IBrokerConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var timeout = new CancellationTokenSource(connectTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            return new TcpBrokerConnection(socket, $"{host}:{port}", clientId, clock);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            socket.Dispose();
            var reason = e is SocketException ? e.Message : $"no answer within {connectTimeout.TotalSeconds:0.#} s";
            throw new BrokerException(ErrorCode.NetworkException, $"connect to {host}:{port}", reason);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
