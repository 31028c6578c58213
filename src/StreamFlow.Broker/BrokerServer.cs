using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Fetching;
using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Broker.Handlers;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Net;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Security;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Broker.Security.Tls;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Broker.Telemetry;
using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Storage;

namespace StreamFlow.Broker;

/// <summary>
/// A broker over a data directory. It serves its own process through <see cref="HandleAsync"/> and, when listeners are set, any Kafka
/// client over TCP, with the same handlers. <see cref="StartAsync"/> makes it, <see cref="DisposeAsync"/> stops it: connections are
/// drained, logs are made durable. Thread safe.
/// </summary>
public sealed partial class BrokerServer : IAsyncDisposable
{
    private readonly BrokerOptions _options;
    private readonly ILogger _logger;
    private readonly BrokerClock _clock;
    private readonly BrokerMetrics _metrics;
    private readonly ClientMetricsMeter _clientMetrics;
    private readonly TimerQueue _timers;
    private readonly LogManager _logs;
    private readonly MetadataLog _metadata;
    private readonly ProducerIds _producerIds;
    private readonly GroupCoordinator _groups;
    private readonly ShareStates _shareStates;
    private readonly TransactionCoordinator _transactions;
    private readonly RequestDispatcher _dispatcher;
    private readonly BrokerIdentity _identity;
    private readonly ClientQuotas _quotas;
    private readonly DelegationTokens _tokens;
    private readonly RequestMemory _requests;
    private readonly BackgroundWork _background;
    private TcpListeners? _listeners;
    private CertificateRefresh? _certificates;
    private int _disposed;

    private BrokerServer(BrokerOptions options, BrokerEnvironment environment, LogManager logs)
    {
        _options = options;
        _logs = logs;
        _logger = environment.Loggers.CreateLogger<BrokerServer>();
        _clock = new BrokerClock(environment.Time);
        _metrics = new BrokerMetrics(environment.Meters);
        _clientMetrics = new ClientMetricsMeter(environment.Meters);
        _timers = new TimerQueue(environment.Time, _logger);
        _identity = new BrokerIdentity(options.NodeId, logs.ClusterId, options.Rack);
        var ids = new IdSource(environment.Random);
        var defaults = new BrokerDefaults(options);
        var partitions = new PartitionManager(logs, defaults, _logger);
        _metadata = OpenMetadata();
        _quotas = new ClientQuotas(_metadata, _clock);
        _tokens = new DelegationTokens(options, _metadata, ids, _clock);
        var admin = new TopicAdmin(_metadata, options, ids.Next);
        var topics = new InternalTopics(admin, _metadata, partitions);
        _shareStates = new ShareStates(topics, _metadata, options, _clock, _logger);
        var shares = new SharePartitions(
            partitions, _metadata, _shareStates, new ShareSettings(options, _metadata), _timers, _clock);
        _groups = new GroupCoordinator(
            topics, SettingsOf(options, environment), options.OffsetsTopicNumPartitions, _metadata, _shareStates, _timers, _clock,
            _logger);
        var markers = new LocalMarkers(partitions, _groups);
        _producerIds = new ProducerIds(_metadata);
        _transactions = new TransactionCoordinator(topics, markers, _producerIds, options, _clock, _logger);
        var services = new BrokerServices(
            options, environment.Files, ids, _clock, _metrics, _timers, _identity,
            defaults, partitions, _metadata, admin, _groups, shares, _shareStates, _transactions, markers, _logger,
            new AccessControl(options, _metadata), _quotas, new FetchSessionCache(options.FetchSessionCacheSlots, _clock),
            new ClientTelemetry(_metadata, options, _clock, _clientMetrics), _tokens);
        _dispatcher = new RequestDispatcher(new HandlerTable(table => ServedApis.Make(table, services)), _metrics);
        _background = new BackgroundWork(environment.Time, _logger);
        var memory = environment.Memory ?? MemoryBudget.Of(options.MemoryLimit);
        _requests = new RequestMemory(memory[MemoryUse.Request], options.QueuedMaxRequestBytes);
        Load(partitions, defaults);
    }

    /// <summary>The addresses listened on, with the ports that were given for port 0; empty when no listener was set.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _listeners?.EndPoints ?? [];

    /// <summary>The id of the cluster, made when the data directory was.</summary>
    public string ClusterId => _identity.ClusterId;

    /// <summary>The id of this broker.</summary>
    public int NodeId => _identity.NodeId;

    /// <summary>The APIs served and the versions offered of each, by key.</summary>
    public IReadOnlyList<ApiVersionRange> Apis => _dispatcher.Served;

    /// <summary>What brings requests to their handlers.</summary>
    internal RequestDispatcher Dispatcher => _dispatcher;

    /// <summary>What clients may use.</summary>
    internal ClientQuotas Quotas => _quotas;

    /// <summary>The share coordinator.</summary>
    internal ShareStates ShareStates => _shareStates;

    /// <summary>Open connections.</summary>
    internal int Connections => _listeners?.Connections ?? 0;

    /// <summary>What received requests take.</summary>
    internal RequestMemory Requests => _requests;

    /// <summary>Opens the data directory, loads what it holds, opens the sockets.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="environment">Clock, disk and so on; null for the real ones.</param>
    /// <exception cref="ConfigurationException">A setting cannot be used.</exception>
    /// <exception cref="StorageException">The directory cannot be opened, for instance because another process holds it.</exception>
    public static async Task<BrokerServer> StartAsync(BrokerOptions options, BrokerEnvironment? environment = null)
    {
        environment = Resolve(options, environment ?? new BrokerEnvironment());
        if (MemoryBudget.Problem(options.MemoryLimit) is { } problem)
        {
            throw new ConfigurationException(problem);
        }

        var logs = LogManager.Open(
            LogOptionsOf(options, environment),
            static topic => topic == MetadataLog.TopicName ? MetadataConfig : LogConfig.Default,
            environment.Files,
            environment.Time,
            environment.Loggers.CreateLogger<LogManager>());
        BrokerServer? broker = null;
        try
        {
            broker = new BrokerServer(options, environment, logs);
            await broker.ListenAsync().ConfigureAwait(false);
            broker.StartBackgroundWork();
            broker.LogStarted(options.NodeId, options.DataDirectory);
            foreach (var setting in options.GivenUnused.Keys)
            {
                broker.LogSettingUnused(setting);
            }
            return broker;
        }
        catch
        {
            IAsyncDisposable started = broker is null ? logs : broker;
            await started.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Handles a request, as the TCP side does.</summary>
    /// <param name="context">Who asks, in which version. Dispose it when the response's records are not read any more.</param>
    /// <param name="request">The request; record bytes of a produce request are changed in place.</param>
    /// <returns>The response; null for a produce request with acks=0.</returns>
    /// <exception cref="BrokerException">The API is not served.</exception>
    /// <exception cref="OperationCanceledException">The broker was stopped.</exception>
    public ValueTask<IResponse?> HandleAsync(RequestContext context, IRequest request)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return _dispatcher.HandleAsync(context, request);
    }

    /// <summary>Stops: answers what has begun, closes connections, makes every log durable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_listeners is not null)
        {
            await _listeners.DisposeAsync().ConfigureAwait(false);
        }

        await _background.DisposeAsync().ConfigureAwait(false);
        _transactions.Dispose();
        _groups.Dispose();
        _shareStates.Dispose();
        _timers.Dispose();
        _producerIds.Dispose();
        _metadata.Dispose();
        await _logs.DisposeAsync().ConfigureAwait(false);
        _requests.Dispose();
        _metrics.Dispose();
        _clientMetrics.Dispose();
        LogStopped(_options.NodeId);
    }

    /// <summary>How often the share coordinator's log lets go of the past; Kafka's value.</summary>
    private static TimeSpan SharePruneInterval { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the files of certificates are looked at.</summary>
    private static TimeSpan CertificateInterval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The metadata log is small and is never deleted; compaction does not fit records without keys.</summary>
    private static LogConfig MetadataConfig { get; } = LogConfig.Default with { IsDeleted = false, IsCompacted = false };

    /// <summary>Logs in memory need no thread that makes them durable.</summary>
    private static BrokerEnvironment Resolve(BrokerOptions options, BrokerEnvironment environment) =>
        options.DataDirectory == BrokerOptions.Memory
            ? environment with { Files = new InMemoryFileSystem(), FlushInBackground = false }
            : environment;

    private static LogManagerOptions LogOptionsOf(BrokerOptions options, BrokerEnvironment environment) => new()
    {
        Directory = options.DataDirectory,
        NodeId = options.NodeId,
        FlushInBackground = environment.FlushInBackground,
        ProducerIdExpiration = TimeSpan.FromMilliseconds(options.ProducerIdExpirationMs),
        InitialTaskDelay = TimeSpan.FromMilliseconds(options.LogInitialTaskDelayMs),
        RetentionCheckInterval = TimeSpan.FromMilliseconds(options.RetentionCheckIntervalMs),
        CleanerInterval = TimeSpan.FromMilliseconds(options.CleanerBackoffMs),
    };

    private static GroupSettings SettingsOf(BrokerOptions options, BrokerEnvironment environment) => new()
    {
        InitialRebalanceDelayMs = options.GroupInitialRebalanceDelayMs,
        MinSessionTimeoutMs = options.GroupMinSessionTimeoutMs,
        MaxSessionTimeoutMs = options.GroupMaxSessionTimeoutMs,
        MaxSize = options.GroupMaxSize,
        MembersEndWithBroker = options.Listeners.IsDefaultOrEmpty && !environment.ClientsOutliveBroker,
        OffsetMetadataMaxSize = options.OffsetMetadataMaxBytes,
        OffsetsRetentionMs = options.OffsetsRetentionMinutes * 60_000L,
        Consumer = ConsumerGroupSettings.Of(options),
        Streams = StreamsGroupSettings.Of(options),
        Share = ShareGroupSettings.Of(options),
    };

    private MetadataLog OpenMetadata()
    {
        var log = _logs.GetOrCreate(new TopicPartition(MetadataLog.TopicName, 0), MetadataLog.TopicId, MetadataConfig);
        return new MetadataLog(new Partition(log, _logger), _options.NodeId, _clock);
    }

    private void Load(PartitionManager partitions, BrokerDefaults defaults)
    {
        _metadata.Replay();
        defaults.Update(_metadata.Image);
        partitions.DeleteStray(_metadata.Image);
        partitions.Apply(MetadataImage.Empty, _metadata.Image);
        _groups.LoadIfPresent();
        _shareStates.LoadIfPresent();
        _transactions.LoadIfPresent();
        _metadata.Changed = (old, next) =>
        {
            defaults.Update(next);
            partitions.Apply(old, next);
            if (!ReferenceEquals(old.NodeConfigs, next.NodeConfigs))
            {
                _certificates?.Run();
            }

            foreach (var topic in old.TopicsById.Values)
            {
                if (!next.TopicsById.ContainsKey(topic.Id))
                {
                    _groups.OnTopicDeleted(topic.Name);
                    _shareStates.OnTopicDeleted(topic.Id);
                }
            }
        };
    }

    private async Task ListenAsync()
    {
        if (_options.Listeners.IsDefaultOrEmpty)
        {
            return;
        }

        var listeners = BrokerSecurity.Load(_options, _metadata, _tokens, _clock, _logger);
        _certificates = new CertificateRefresh(_options, _metadata, listeners, _logger);
        _listeners = await TcpListeners.StartAsync(
            _dispatcher, listeners, _options, _quotas, _requests, _metrics, _clock.Time, _logger, SetAddress).ConfigureAwait(false);
    }

    /// <summary>
    /// Clients use the address that metadata names for all but their first request, so it has to be one that they can reach.
    /// </summary>
    private void SetAddress(Listener listener, IPEndPoint bound)
    {
        var isAny = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any);
        var (host, port) = listener.Advertised ?? (isAny ? Dns.GetHostName() : bound.Address.ToString(), bound.Port);
        _identity.SetAddress(listener, host, port == 0 ? bound.Port : port);
    }

    private void StartBackgroundWork()
    {
        _background.Every(TimeSpan.FromSeconds(1), () => _logs.RunMaintenance(_clock.Time.GetUtcNow()));
        _background.Every(TimeSpan.FromMilliseconds(_options.OffsetsRetentionCheckIntervalMs), _groups.Expire);
        _background.Every(SharePruneInterval, _shareStates.Prune);
        if (_certificates is { IsNeeded: true } certificates)
        {
            _background.Every(CertificateInterval, certificates.Run);
        }

        if (_tokens.IsEnabled)
        {
            _background.Every(TimeSpan.FromMilliseconds(_options.DelegationTokenExpiryCheckIntervalMs), _ => _tokens.SweepAsync());
        }

        if (_listeners is not null && _options.ConnectionsMaxIdleMs >= 0)
        {
            _background.Every(TimeSpan.FromMilliseconds(Math.Clamp(_options.ConnectionsMaxIdleMs / 4, 1, 10_000)), _listeners.CloseIdle);
        }

        _background.Every(TimeSpan.FromMilliseconds(_options.TransactionAbortCheckIntervalMs), _transactions.AbortTimedOutAsync);
    }

    [LoggerMessage(EventIds.Started, LogLevel.Information, "Broker {NodeId} serves {Directory}")]
    private partial void LogStarted(int nodeId, string directory);

    [LoggerMessage(EventIds.SettingUnused, LogLevel.Warning,
        "{Setting} has no effect: it is known for the sake of Kafka's files and tools")]
    private partial void LogSettingUnused(string setting);

    [LoggerMessage(EventIds.Stopped, LogLevel.Information, "Broker {NodeId} has stopped")]
    private partial void LogStopped(int nodeId);
}
