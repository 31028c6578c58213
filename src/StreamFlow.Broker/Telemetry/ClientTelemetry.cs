using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Telemetry;

/// <summary>
/// Tells clients which metrics are wanted of them, by the subscriptions in the metadata, and takes what they push (KIP-714). A client
/// that asks or pushes too often is turned away; one that has not been heard of for a while is forgotten. Thread safe.
/// </summary>
internal sealed class ClientTelemetry(MetadataLog metadata, BrokerOptions options, BrokerClock clock, ClientMetricsMeter meter)
{
    private const int SilentIntervals = 3;

    private static readonly List<sbyte> Codecs =
        [(sbyte)CompressionType.Zstd, (sbyte)CompressionType.Lz4, (sbyte)CompressionType.Gzip, (sbyte)CompressionType.Snappy];

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, ClientInstance> _instances = [];
    private long _nextSweep;

    /// <summary>Which metrics are wanted of a client.</summary>
    public GetTelemetrySubscriptionsResponse Subscribe(RequestContext context, Guid id)
    {
        lock (_gate)
        {
            var now = clock.NowMs;
            Sweep(now);
            var instance = Find(context, id);
            var isTooEarly = instance.LastGetMs is { } last && now - last < instance.IntervalMs
                && instance.LastError != ErrorCode.UnknownSubscriptionId;
            if (isTooEarly)
            {
                return new() { ErrorCode = ErrorCode.ThrottlingQuotaExceeded };
            }

            instance.LastGetMs = now;
            instance.LastError = ErrorCode.None;
            return new()
            {
                ClientInstanceId = id,
                SubscriptionId = instance.SubscriptionId,
                AcceptedCompressionTypes = Codecs,
                PushIntervalMs = instance.IntervalMs,
                TelemetryMaxBytes = options.TelemetryMaxBytes,
                DeltaTemporality = true,
                RequestedMetrics = instance.Metrics,
            };
        }
    }

    /// <summary>Takes what a client pushes.</summary>
    public ErrorCode Push(RequestContext context, PushTelemetryRequest request)
    {
        if (request.ClientInstanceId == Guid.Empty)
        {
            return ErrorCode.InvalidRequest;
        }

        lock (_gate)
        {
            var instance = Find(context, request.ClientInstanceId);
            instance.LastError = Check(instance, request);
            if (instance.LastError != ErrorCode.None)
            {
                return instance.LastError;
            }

            instance.IsTerminating = request.Terminating;
        }

        return Take(context, request);
    }

    private ErrorCode Check(ClientInstance instance, PushTelemetryRequest request)
    {
        if (instance.IsTerminating)
        {
            return ErrorCode.InvalidRequest;
        }

        var now = clock.NowMs;
        var mayPush = instance.LastPushMs is not { } last || instance.LastGetMs > last || now - last >= instance.IntervalMs;
        if (!mayPush && !request.Terminating)
        {
            return ErrorCode.ThrottlingQuotaExceeded;
        }

        instance.LastPushMs = now;
        return request.SubscriptionId != instance.SubscriptionId
            ? ErrorCode.UnknownSubscriptionId
            : request.CompressionType != (sbyte)CompressionType.None && !Codecs.Contains(request.CompressionType)
                ? ErrorCode.UnsupportedCompressionType
                : request.Metrics.Length > options.TelemetryMaxBytes ? ErrorCode.TelemetryTooLarge : ErrorCode.None;
    }

    private ErrorCode Take(RequestContext context, PushTelemetryRequest request)
    {
        try
        {
            using var plain = new PooledBufferWriter();
            Compressor.Decompress(
                (CompressionType)request.CompressionType, request.Metrics.AsSpan(), plain, options.TelemetryMaxBytes * 16);
            meter.Take(request.ClientInstanceId, context.ClientId, OtlpMetrics.Read(plain.WrittenSpan));
            return ErrorCode.None;
        }
        catch (Exception e) when (e is SerializationException or CorruptRecordException)
        {
            return ErrorCode.InvalidRecord;
        }
    }

    private ClientInstance Find(RequestContext context, Guid id)
    {
        if (!_instances.TryGetValue(id, out var instance))
        {
            _instances.Add(id, instance = new ClientInstance());
        }

        var settings = metadata.Image.ClientMetrics;
        if (!ReferenceEquals(instance.Settings, settings))
        {
            instance.Settings = settings;
            Subscribe(context, id, instance, settings);
        }

        return instance;
    }

    /// <summary>Puts together what the subscriptions that are meant for the client want; the shortest interval counts.</summary>
    private static void Subscribe(
        RequestContext context,
        Guid id,
        ClientInstance instance,
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> settings)
    {
        instance.Metrics = [];
        instance.IntervalMs = int.MaxValue;
        foreach (var subscription in settings.Values.Where(s => IsMeant(context, id, s)))
        {
            instance.Metrics.AddRange(TopicConfigKeys.Split(subscription.GetValueOrDefault(ClientMetricsKeys.Metrics) ?? ""));
            instance.IntervalMs = Math.Min(instance.IntervalMs, subscription.TryGetValue(ClientMetricsKeys.Interval, out var interval)
                ? int.Parse(interval, CultureInfo.InvariantCulture)
                : ClientMetricsKeys.DefaultIntervalMs);
        }

        instance.IntervalMs = instance.IntervalMs == int.MaxValue ? ClientMetricsKeys.DefaultIntervalMs : instance.IntervalMs;
        instance.Metrics = instance.Metrics.Contains("*") ? ["*"] : [.. instance.Metrics.Distinct()];
        instance.SubscriptionId = (int)Crc32C.Compute(
            Encoding.UTF8.GetBytes($"{instance.IntervalMs} {string.Join(',', instance.Metrics)}"));
    }

    private static bool IsMeant(RequestContext context, Guid id, ImmutableSortedDictionary<string, string> subscription) =>
        ClientMetricsKeys.TryParseMatch(subscription.GetValueOrDefault(ClientMetricsKeys.Match) ?? "", out var patterns)
        && patterns.All(p => p.Value.IsMatch(p.Key switch
        {
            "client_instance_id" => id.ToString(),
            "client_id" => context.ClientId,
            "client_software_name" => context.Session.SoftwareName,
            "client_software_version" => context.Session.SoftwareVersion,
            "client_source_address" => context.Session.Host,
            _ => "",
        }));

    private void Sweep(long now)
    {
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + ClientMetricsKeys.DefaultIntervalMs;
        foreach (var (id, instance) in _instances.ToList())
        {
            var last = Math.Max(instance.LastGetMs ?? now, instance.LastPushMs ?? 0);
            if (now - last > (long)SilentIntervals * instance.IntervalMs)
            {
                _instances.Remove(id);
                meter.Forget(id);
            }
        }
    }
}
