using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using StreamFlow.Client.Security;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Client.Transport;

/// <summary>Kafka's protocol over TCP, encrypted and authenticated as the broker's listener wants it.</summary>
public sealed class TcpTransport : ITransport
{
    private readonly string _clientId;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeProvider _clock;
    private readonly TlsClient? _tls;
    private readonly SaslLogin? _login;

    /// <summary>Creates the transport; stores and credentials are read now.</summary>
    /// <param name="clientId">How this client calls itself in request headers.</param>
    /// <param name="connectTimeout">How long an attempt to connect may take, TLS and authentication included.</param>
    /// <param name="clock">The clock of timeouts.</param>
    /// <param name="security">How connections are protected; null for not at all.</param>
    /// <exception cref="ConfigurationException">A store cannot be read or credentials are missing.</exception>
    public TcpTransport(string clientId, TimeSpan connectTimeout, TimeProvider clock, ConnectionSecurity? security = null)
    {
        security ??= ConnectionSecurity.None;
        _clientId = clientId;
        _connectTimeout = connectTimeout;
        _clock = clock;
        _tls = security.Protocol.UsesTls() ? new TlsClient(security) : null;
        _login = security.Protocol.UsesSasl() ? SaslLogin.Of(security) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IBrokerConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_connectTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        TcpBrokerConnection? connection = null;
        try
        {
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            NetworkChannel channel = _tls is null
                ? new SocketChannel(socket)
                : await EncryptAsync(socket, _tls, host, either.Token).ConfigureAwait(false);
            connection = new TcpBrokerConnection(channel, $"{host}:{port}", _clientId, _clock, _login);
            if (_login is not null)
            {
                await connection.AuthenticateAsync(_connectTimeout, either.Token).ConfigureAwait(false);
            }

            return connection;
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw Unreachable($"no answer within {_connectTimeout.TotalSeconds:0.#} s");
            }

            // A certificate that is refused now will be refused again, other troubles of the network may pass.
            throw e switch
            {
                AuthenticationException => new BrokerException(
                    ErrorCode.SaslAuthenticationFailed, $"TLS handshake with {host}:{port}", e.InnerException?.Message ?? e.Message),
                SocketException or IOException => Unreachable(e.Message),
                _ => e,
            };
        }

        BrokerException Unreachable(string reason) => new(ErrorCode.NetworkException, $"connect to {host}:{port}", reason);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<NetworkChannel> EncryptAsync(Socket socket, TlsClient tls, string host, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(tls.OptionsFor(host), cancellationToken).ConfigureAwait(false);
            return new TlsChannel(stream, tls.EarlyEndHint);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
