using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Net;

/// <summary>
/// The broker's sockets, on Kestrel's transport. Created and disposed by the broker. Kestrel's types do not leave this folder.
/// </summary>
internal sealed partial class TcpListeners : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly RequestDispatcher _dispatcher;
    private readonly BrokerOptions _options;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ListenOptions> _listening = [];
    private readonly WebApplication _app;

    private TcpListeners(RequestDispatcher dispatcher, BrokerOptions options, BrokerMetrics metrics, ILogger logger)
    {
        _dispatcher = dispatcher;
        _options = options;
        _metrics = metrics;
        _logger = logger;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(new BlockPoolFactory()));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(new BlockPoolFactory()));
        _app = builder.Build();
    }

    /// <summary>The addresses listened on, with the ports that were given for port 0.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listening.Select(l => l.IPEndPoint!)];

    /// <summary>Opens the sockets.</summary>
    /// <exception cref="ConfigurationException">An address cannot be read or is taken.</exception>
    /// <param name="dispatcher">Handles the requests.</param>
    /// <param name="options">Where to listen.</param>
    /// <param name="metrics">Counts connections.</param>
    /// <param name="logger">Where connections that end badly are reported.</param>
    /// <param name="bound">Called with the first address as soon as its port is known.</param>
    public static async Task<TcpListeners> StartAsync(
        RequestDispatcher dispatcher, BrokerOptions options, BrokerMetrics metrics, ILogger logger, Action<IPEndPoint> bound)
    {
        var listeners = new TcpListeners(dispatcher, options, metrics, logger);
        try
        {
            await listeners._app.StartAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await listeners.DisposeAsync().ConfigureAwait(false);
            throw new ConfigurationException(
                $"cannot listen on {string.Join(", ", options.Listeners)}: {e.Message}; choose another port, or 0 for any");
        }

        bound(listeners.EndPoints[0]);
        foreach (var endPoint in listeners.EndPoints)
        {
            listeners.LogListening(endPoint);
        }

        return listeners;
    }

    /// <summary>Stops listening, answers what has begun, closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var drain = new CancellationTokenSource(DrainTime);
        await _app.StopAsync(drain.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>Reads <c>host:port</c>; a name is looked up.</summary>
    /// <exception cref="ConfigurationException">The text is not an address.</exception>
    internal static IPEndPoint Parse(string listener)
    {
        var (host, port) = SplitHostPort(listener);
        if (host is "" or "0.0.0.0" or "*")
        {
            return new IPEndPoint(IPAddress.Any, port);
        }

        if (IPAddress.TryParse(host, out var ip))
        {
            return new IPEndPoint(ip, port);
        }

        try
        {
            return new IPEndPoint(Dns.GetHostAddresses(host, AddressFamily.InterNetwork)[0], port);
        }
        catch (SocketException e)
        {
            throw new ConfigurationException($"cannot listen on '{listener}': {e.Message}");
        }
    }

    /// <summary>Splits <c>host:port</c>.</summary>
    /// <exception cref="ConfigurationException">The text is not an address.</exception>
    internal static (string Host, int Port) SplitHostPort(string listener)
    {
        // Kafka writes listeners with the security protocol in front.
        var address = listener.StartsWith("PLAINTEXT://", StringComparison.OrdinalIgnoreCase)
            ? listener["PLAINTEXT://".Length..]
            : listener;
        var colon = address.LastIndexOf(':');
        return colon >= 0 && ushort.TryParse(address.AsSpan(colon + 1), out var port)
            ? (address[..colon].Trim('[', ']'), port)
            : throw new ConfigurationException($"'{listener}' is not an address; write host:port, such as 127.0.0.1:9092");
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        foreach (var listener in _options.Listeners)
        {
            kestrel.Listen(Parse(listener), listen =>
            {
                _listening.Add(listen);
                listen.Run(ServeAsync);
            });
        }
    }

    private async Task ServeAsync(ConnectionContext context)
    {
        _metrics.OnConnection(1);
        var closing = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, closing);
        var host = $"/{(context.RemoteEndPoint as IPEndPoint)?.Address}";
        using var connection = new BrokerConnection(_dispatcher, context, _options.SocketRequestMaxBytes, host);
        try
        {
            await connection.RunAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (ProtocolException e)
        {
            LogRefused(context.RemoteEndPoint, e.Message);
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException or OperationCanceledException)
        {
            // The client is gone; that is its right.
        }
#pragma warning disable CA1031 // whatever a request runs into ends its connection, not the broker
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(e, context.RemoteEndPoint);
        }
        finally
        {
            _metrics.OnConnection(-1);
        }
    }

    [LoggerMessage(EventIds.Listening, LogLevel.Information, "Listening on {EndPoint}")]
    private partial void LogListening(IPEndPoint endPoint);

    [LoggerMessage(EventIds.ConnectionRefused, LogLevel.Information, "Closing the connection from {EndPoint}: {Reason}")]
    private partial void LogRefused(EndPoint? endPoint, string reason);

    [LoggerMessage(EventIds.ConnectionFailed, LogLevel.Error, "A request from {EndPoint} failed; its connection is closed")]
    private partial void LogFailed(Exception exception, EndPoint? endPoint);
}
