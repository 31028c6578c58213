using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Transport;

/// <summary>
/// A lasting way to one broker: connects when needed, again after a failure, and negotiates versions on each new connection. Thread safe.
/// </summary>
internal sealed class BrokerChannel(ITransport transport, string host, int port, TimeSpan requestTimeout) : IAsyncDisposable
{
    private const string SoftwareName = "streamflow";
    private const string SoftwareVersion = "1.0";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private Link? _link;
    private bool _isDisposed;

    public string Host { get; } = host;

    public int Port { get; } = port;

    /// <summary>Whether there is a connection; then requests are written in the order in which <see cref="SendAsync"/> is called.</summary>
    public bool IsOpen => Volatile.Read(ref _link) is { Connection.IsOpen: true };

    /// <summary>Sends a request in the newest version both sides have.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="limit">The newest version to use.</param>
    /// <param name="timeout">How long the broker may take; null for the usual time.</param>
    public ValueTask<Reply<TResponse>> SendAsync<TResponse>(
        IRequest<TResponse> request, CancellationToken cancellationToken, short limit = short.MaxValue, TimeSpan? timeout = null)
        where TResponse : class, IResponse, IVersioned<TResponse>, new() =>
        Volatile.Read(ref _link) is { Connection.IsOpen: true } link && link.Versions.TryPick(request.ApiKey, limit, out var version)
            ? link.Connection.SendAsync(request, version, timeout ?? requestTimeout, cancellationToken)
            : ConnectAndSendAsync(request, limit, timeout, cancellationToken);

    /// <summary>What the broker offers; connects when there is no connection.</summary>
    public async ValueTask<NegotiatedVersions> GetVersionsAsync(CancellationToken cancellationToken) =>
        (await ConnectAsync(cancellationToken).ConfigureAwait(false)).Versions;

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            if (_link is { } link)
            {
                await link.Connection.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<Reply<TResponse>> ConnectAndSendAsync<TResponse>(
        IRequest<TResponse> request, short limit, TimeSpan? timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        var link = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        var version = link.Versions.Pick(request.ApiKey, limit);
        return await link.Connection.SendAsync(request, version, timeout ?? requestTimeout, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<Link> ConnectAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _link) is { Connection.IsOpen: true } link ? new(link) : ReconnectAsync(cancellationToken);

    private async ValueTask<Link> ReconnectAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isDisposed)
            {
                throw new BrokerException(ErrorCode.NetworkException, $"connection to {Host}:{Port}", "the client was closed");
            }

            if (_link is { } old)
            {
                if (old.Connection.IsOpen)
                {
                    return old;
                }

                await old.Connection.DisposeAsync().ConfigureAwait(false);
                _link = null;
            }

            var connection = await transport.ConnectAsync(Host, Port, cancellationToken).ConfigureAwait(false);
            try
            {
                var versions = await NegotiateAsync(connection, cancellationToken).ConfigureAwait(false);
                return _link = new Link(connection, versions);
            }
            catch
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<NegotiatedVersions> NegotiateAsync(IBrokerConnection connection, CancellationToken cancellationToken)
    {
        var request = new ApiVersionsRequest { ClientSoftwareName = SoftwareName, ClientSoftwareVersion = SoftwareVersion };
        var response = (await connection.SendAsync(
            request, request.HighestVersion, requestTimeout, cancellationToken).ConfigureAwait(false)).Message;
        if (response.ErrorCode == ErrorCode.UnsupportedVersion)
        {
            var own = response.ApiKeys.Find(a => a.ApiKey == (short)ApiKey.ApiVersions);
            var version = Math.Min(request.HighestVersion, own?.MaxVersion ?? 0);
            response = (await connection.SendAsync(request, version, requestTimeout, cancellationToken).ConfigureAwait(false)).Message;
        }

        return response.ErrorCode == ErrorCode.None
            ? new NegotiatedVersions(response, $"{Host}:{Port}")
            : throw new BrokerException(response.ErrorCode, $"ask {Host}:{Port} for its API versions");
    }

    private sealed record Link(IBrokerConnection Connection, NegotiatedVersions Versions);
}
