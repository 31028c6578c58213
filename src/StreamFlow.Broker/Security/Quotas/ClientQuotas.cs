using System.Collections.Concurrent;
using StreamFlow.Broker.Metadata;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Security.Quotas;

/// <summary>
/// Counts what clients use against their quotas, and says how long a connection is muted for (KIP-13, KIP-124, KIP-219). Without quotas
/// nothing is counted. Thread safe.
/// </summary>
internal sealed class ClientQuotas(MetadataLog metadata, BrokerClock clock)
{
    /// <summary>The longest wait for a request's processing time (ms), as in Kafka: long ones would look like a dead broker.</summary>
    private const int LongestRequestWaitMs = 1000;

    private readonly ConcurrentDictionary<(string Key, QuotaEntity Entity), UseMeter> _meters = new();
    private readonly ConcurrentDictionary<QuotaEntity, MutationBucket> _buckets = new();

    /// <summary>Whether there are any quotas.</summary>
    public bool IsActive => !metadata.Image.Quotas.IsEmpty;

    /// <summary>The clock that waits and the time of requests go by.</summary>
    public TimeProvider Time => clock.Time;

    /// <summary>Counts a request that has been handled.</summary>
    /// <param name="context">Who asked.</param>
    /// <param name="api">What for.</param>
    /// <param name="requestSize">Bytes of the request.</param>
    /// <param name="response">The answer.</param>
    /// <returns>How long the connection is to be muted (ms).</returns>
    public int Count(RequestContext context, ApiKey api, int requestSize, IResponse? response)
    {
        var wait = Math.Max(context.ThrottleMs, api switch
        {
            ApiKey.Produce => Count(QuotaKeys.Produce, context, requestSize),
            ApiKey.Fetch when response is FetchResponse fetched => Count(QuotaKeys.Fetch, context, SizeOf(fetched)),
            ApiKey.ShareFetch when response is ShareFetchResponse shared => Count(QuotaKeys.Fetch, context, SizeOf(shared)),
            _ => 0,
        });
        var percent = clock.Time.GetElapsedTime(0, context.BusyTicks).TotalSeconds * 100;
        return Math.Max(wait, Math.Min(LongestRequestWaitMs, Count(QuotaKeys.Request, context, percent)));
    }

    /// <summary>Counts changes of partitions.</summary>
    /// <param name="context">Who asks; gets the time to wait.</param>
    /// <param name="count">Partitions created or deleted.</param>
    /// <param name="strict">Whether the request's version can be refused for this reason.</param>
    /// <returns>Whether the change may be made.</returns>
    public bool TryMutate(RequestContext context, int count, bool strict)
    {
        if (context.Session.IsInProcess || Find(QuotaKeys.Mutation, context) is not { } quota)
        {
            return true;
        }

        var bucket = _buckets.GetOrAdd(quota.Counted, static _ => new MutationBucket());
        var (isTaken, wait) = bucket.Take(clock.NowMs, count, quota.Limit, strict);
        context.ThrottleMs = Math.Max(context.ThrottleMs, wait);
        return isTaken;
    }

    /// <summary>Counts a connection of an address.</summary>
    /// <returns>Whether it is within the quota.</returns>
    public bool TryConnect(string ip)
    {
        if (!IsActive || new QuotaIndex(metadata.Image.Quotas).FindForAddress(ip) is not { } limit)
        {
            return true;
        }

        var meter = _meters.GetOrAdd((QuotaKeys.Connection, new QuotaEntity(null, null, ip)), static _ => new UseMeter());
        return meter.Add(clock.NowMs, 1, limit) == 0;
    }

    private int Count(string key, RequestContext context, double use)
    {
        if (use <= 0 || Find(key, context) is not { } quota)
        {
            return 0;
        }

        var meter = _meters.GetOrAdd((key, quota.Counted), static _ => new UseMeter());
        return meter.Add(clock.NowMs, use, quota.Limit);
    }

    private (QuotaEntity Counted, double Limit)? Find(string key, RequestContext context) =>
        new QuotaIndex(metadata.Image.Quotas).Find(key, context.Session.Principal.Name, context.ClientId);

    private static int SizeOf(ShareFetchResponse response) => response.Responses.Sum(t => t.Partitions.Sum(p => p.Records.Length));

    private static int SizeOf(FetchResponse response)
    {
        var size = 0;
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.Partitions)
            {
                size += partition.Records?.Length ?? 0;
            }
        }

        return size;
    }
}
