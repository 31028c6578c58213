using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;

namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>Sends typed requests to a broker that is killed now and then: one connection, opened again when it is gone. Not thread safe.</summary>
internal sealed class BrokerLink(string address) : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TcpTransport _transport = new("crash", TimeSpan.FromSeconds(10), TimeProvider.System);
    private IBrokerConnection? _connection;

    /// <summary>The connections that are gone: what the broker ties to a connection ends with it.</summary>
    public int Lost { get; private set; }

    /// <summary>Sends a request of whose answer only what is not record bytes is looked at.</summary>
    /// <returns>The answer; null when the broker went away: whether it acted is not known.</returns>
    public async Task<TResponse?> SendAsync<TResponse>(IRequest<TResponse> request, short version, CancellationToken stopping)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        try
        {
            _connection ??= await ConnectAsync(stopping);
            var (message, buffer) = await _connection.SendAsync(request, version, Timeout, stopping);
            buffer?.Release();
            return message;
        }
        catch (BrokerException)
        {
            await CloseAsync();
            await Task.Delay(10, stopping);
            return null;
        }
    }

    /// <summary>Cuts the connection; the next request opens another.</summary>
    public async ValueTask CloseAsync()
    {
        if (_connection is { } connection)
        {
            (_connection, Lost) = (null, Lost + 1);
            await connection.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _transport.DisposeAsync();
    }

    private ValueTask<IBrokerConnection> ConnectAsync(CancellationToken stopping)
    {
        var parts = address.Split(':');
        return _transport.ConnectAsync(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), stopping);
    }
}
