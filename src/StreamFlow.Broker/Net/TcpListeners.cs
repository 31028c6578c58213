using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Security;
using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Net;

/// <summary>
/// The broker's sockets, on Kestrel's transport. Created and disposed by the broker. Kestrel's types do not leave this folder.
/// </summary>
internal sealed partial class TcpListeners : IAsyncDisposable
{
    private const int PipeSize = 256 * 1024;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly RequestDispatcher _dispatcher;
    private readonly BrokerOptions _options;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<BrokerConnection, CancellationTokenSource> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConnectionLimits _limits;
    private readonly ClientQuotas _quotas;
    private readonly RequestMemory _memory;
    private readonly TimeProvider _time;
    private readonly List<(SecuredListener Secured, ListenOptions Options)> _listening = [];
    private readonly WebApplication _app;

    private TcpListeners(
        RequestDispatcher dispatcher,
        IReadOnlyList<SecuredListener> listeners,
        BrokerOptions options,
        ClientQuotas quotas,
        RequestMemory memory,
        BrokerMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        _memory = memory;
        _limits = new ConnectionLimits(options);
        _quotas = quotas;
        _time = time;
        _dispatcher = dispatcher;
        _options = options;
        _metrics = metrics;
        _logger = logger;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(new BlockPoolFactory()));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, listeners));
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(new BlockPoolFactory()));
        _app = builder.Build();
    }

    /// <summary>The addresses listened on, with the ports that were given for port 0.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listening.Select(l => l.Options.IPEndPoint!)];

    /// <summary>Connections that are served.</summary>
    public int Connections => _connections.Count;

    /// <summary>Opens the sockets.</summary>
    /// <exception cref="ConfigurationException">An address cannot be read.</exception>
    /// <exception cref="StreamFlowException">A port is taken.</exception>
    /// <param name="dispatcher">Handles the requests.</param>
    /// <param name="secured">Where to listen.</param>
    /// <param name="options">The limits.</param>
    /// <param name="quotas">What clients may use.</param>
    /// <param name="memory">What received requests may take.</param>
    /// <param name="metrics">Counts connections.</param>
    /// <param name="time">The clock of timeouts.</param>
    /// <param name="logger">Where connections that end badly are reported.</param>
    /// <param name="bound">Called with each listener as soon as its port is known.</param>
    public static async Task<TcpListeners> StartAsync(
        RequestDispatcher dispatcher,
        IReadOnlyList<SecuredListener> secured,
        BrokerOptions options,
        ClientQuotas quotas,
        RequestMemory memory,
        BrokerMetrics metrics,
        TimeProvider time,
        ILogger logger,
        Action<Listener, IPEndPoint> bound)
    {
        var listeners = new TcpListeners(dispatcher, secured, options, quotas, memory, metrics, time, logger);
        try
        {
            await listeners._app.StartAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await listeners.DisposeAsync().ConfigureAwait(false);
            throw new StreamFlowException(
                $"cannot listen on {string.Join(", ", options.Listeners)}: {e.Message}; choose another port, or 0 for any", e);
        }

        foreach (var (listening, listen) in listeners._listening)
        {
            bound(listening.Listener, listen.IPEndPoint!);
            listeners.LogListening(listening.Listener.Name, listening.Listener.Protocol.KafkaName(), listen.IPEndPoint!);
        }

        return listeners;
    }

    /// <summary>
    /// Closes the connections on which nothing has happened for <c>connections.max.idle.ms</c>, those whose clients do not read among them.
    /// </summary>
    public void CloseIdle()
    {
        var now = _time.GetTimestamp();
        foreach (var (connection, stop) in _connections)
        {
            var since = connection.IdleSince;
            if (since < now && _time.GetElapsedTime(since, now).TotalMilliseconds > _options.ConnectionsMaxIdleMs)
            {
                TryCancel(stop);
                connection.AbortIfStuck();
            }
        }
    }

    private static void TryCancel(CancellationTokenSource stop)
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection has ended by itself in the meantime.
        }
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

    /// <summary>The address to bind; a name is looked up.</summary>
    /// <exception cref="ConfigurationException">The name is not known.</exception>
    private static IPEndPoint EndPointOf(Listener listener)
    {
        if (listener.Host is "" or "0.0.0.0" or "*")
        {
            return new IPEndPoint(IPAddress.Any, listener.Port);
        }

        if (IPAddress.TryParse(listener.Host, out var ip))
        {
            return new IPEndPoint(ip, listener.Port);
        }

        try
        {
            return new IPEndPoint(Dns.GetHostAddresses(listener.Host, AddressFamily.InterNetwork)[0], listener.Port);
        }
        catch (SocketException e)
        {
            throw new ConfigurationException($"cannot listen on '{listener.Host}:{listener.Port}': {e.Message}");
        }
    }

    private void Configure(KestrelServerOptions kestrel, IReadOnlyList<SecuredListener> listeners)
    {
        // What a connection may hold unread, and unsent, beside the frames that are counted.
        kestrel.Limits.MaxRequestBufferSize = PipeSize;
        kestrel.Limits.MaxResponseBufferSize = PipeSize;
        foreach (var secured in listeners)
        {
            kestrel.Listen(EndPointOf(secured.Listener), listen =>
            {
                _listening.Add((secured, listen));
                if (secured.Tls is { } tls)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        HandshakeTimeout = TimeSpan.FromMilliseconds(_options.AuthenticationTimeoutMs),
                        OnConnection = _ => new(tls.Options),
                    });
                }

                listen.Run(context => ServeAsync(context, secured));
            });
        }
    }

    private async Task ServeAsync(ConnectionContext context, SecuredListener secured)
    {
        var address = (context.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (_limits.TryOpen(secured.Listener, address) is { } reason)
        {
            LogRefused(context.RemoteEndPoint, reason);
            return;
        }

        if (!_quotas.TryConnect(address.ToString()))
        {
            _limits.Close(secured.Listener, address);
            LogRefused(context.RemoteEndPoint, "the address connects too often (connection_creation_rate)");
            return;
        }

        try
        {
            await ServeAsync(context, secured.Open(address.ToString(), context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate))
                .ConfigureAwait(false);
        }
        finally
        {
            _limits.Close(secured.Listener, address);
        }
    }

    private async Task ServeAsync(ConnectionContext context, Session session)
    {
        _metrics.OnConnection(1);
        var closing = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, closing);
        using var connection = new BrokerConnection(
            _dispatcher, context, session, _quotas, _memory, _options.SocketRequestMaxBytes, _time);
        using var deadline = session.IsAuthenticated ? null : AuthenticationDeadline(context, session);
        _connections.TryAdd(connection, stopping);
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
            _connections.TryRemove(connection, out _);
            _metrics.OnConnection(-1);
        }
    }

    /// <summary>Ends a connection whose client does not say in time who it is.</summary>
    private ITimer AuthenticationDeadline(ConnectionContext context, Session session)
    {
        return _time.CreateTimer(End, null, TimeSpan.FromMilliseconds(_options.AuthenticationTimeoutMs), Timeout.InfiniteTimeSpan);

        void End(object? state)
        {
            if (!session.IsAuthenticated)
            {
                LogRefused(context.RemoteEndPoint, "it did not authenticate in time");
                context.Abort();
            }
        }
    }

    [LoggerMessage(EventIds.Listening, LogLevel.Information, "Listener {Name} ({Protocol}) is at {EndPoint}")]
    private partial void LogListening(string name, string protocol, IPEndPoint endPoint);

    [LoggerMessage(EventIds.ConnectionRefused, LogLevel.Information, "Closing the connection from {EndPoint}: {Reason}")]
    private partial void LogRefused(EndPoint? endPoint, string reason);

    [LoggerMessage(EventIds.ConnectionFailed, LogLevel.Error, "A request from {EndPoint} failed; its connection is closed")]
    private partial void LogFailed(Exception exception, EndPoint? endPoint);
}
