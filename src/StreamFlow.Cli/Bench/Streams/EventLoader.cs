using System.Buffers.Text;
using System.Globalization;
using StreamFlow.Cli.Bench.Nexmark;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>Writes the auction workload's events to a new topic.</summary>
internal sealed class EventLoader
{
    private const string UniformPrefix = "uniform:";

    private readonly EventPlan _plan;
    private readonly NexmarkGenerator _generator;
    private readonly NexmarkKind? _kind;
    private readonly ulong _uniformKeys;
    private readonly byte[] _key = new byte[20];

    private EventLoader(EventPlan plan)
    {
        _plan = plan;
        _generator = new NexmarkGenerator(plan.Seed, plan.Rate);
        _kind = plan.Kind switch
        {
            "bids" => NexmarkKind.Bid,
            "auctions" => NexmarkKind.Auction,
            "persons" => NexmarkKind.Person,
            "all" => null,
            _ => throw new UsageException($"--kind {plan.Kind}: bids, auctions, persons or all"),
        };
        _uniformKeys = UniformKeys(plan.Key);
    }

    /// <summary>Creates the topic and writes it.</summary>
    /// <returns>Records, and bytes of their values.</returns>
    /// <exception cref="UsageException">The kind or the key rule does not exist.</exception>
    public static async Task<(long Records, long Bytes)> LoadAsync(
        ICluster cluster, string topic, EventPlan plan, CancellationToken cancellation)
    {
        var loader = new EventLoader(plan);
        await BenchTopics.CreateAsync(cluster.Admin, topic, plan.Partitions, cancellation);
        await using var producer = cluster.CreateProducer(new ProducerOptions { BatchSize = 1 << 17 });
        await producer.PartitionsForAsync(topic, cancellation);
        return await loader.WriteAsync(producer, topic, cancellation);
    }

    private static ulong UniformKeys(string rule)
    {
        if (rule is "auction" or "bidder" or "none")
        {
            return 0;
        }

        return rule.StartsWith(UniformPrefix, StringComparison.Ordinal)
            && ulong.TryParse(rule[UniformPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var keys) && keys > 0
            ? keys
            : throw new UsageException($"--key {rule}: auction, bidder, uniform:K or none");
    }

    private async Task<(long Records, long Bytes)> WriteAsync(IProducer producer, string topic, CancellationToken cancellation)
    {
        using var value = new PooledBufferWriter(1024);
        long records = 0;
        long bytes = 0;
        for (long e = 0; e < _plan.Events; e++)
        {
            if (_kind is { } kind && kind != NexmarkGenerator.KindOf(e))
            {
                continue;
            }

            value.Clear();
            _generator.WriteJson(e, value);
            var hasKey = _plan.Key != "none";
            var length = hasKey ? WriteKey(e) : 0;
            var partition = hasKey
                ? Murmur2.PartitionOf(_key.AsSpan(0, length), _plan.Partitions)
                : (int)(records % _plan.Partitions);
            while (!producer.TryAppend(
                topic, partition, _generator.TimeOf(e), hasKey, _key.AsSpan(0, length), true, value.WrittenSpan, Headers.Empty))
            {
                await producer.WaitForSpaceAsync(cancellation);
            }

            records++;
            bytes += value.WrittenCount;
        }

        await producer.FlushAsync(cancellation);
        return (records, bytes);
    }

    private int WriteKey(long e)
    {
        Utf8Formatter.TryFormat(KeyOf(e), _key, out var written);
        return written;
    }

    private long KeyOf(long e)
    {
        if (_uniformKeys > 0)
        {
            return (long)(Mix((ulong)e) % _uniformKeys);
        }

        return NexmarkGenerator.KindOf(e) switch
        {
            NexmarkKind.Person => NexmarkGenerator.PersonOf(e),
            NexmarkKind.Auction => _generator.AuctionOf(e),
            _ => _plan.Key == "auction" ? _generator.AuctionOf(e) : _generator.BidderOf(e),
        };
    }

    /// <summary>Spreads event numbers over 64 bits by the finaliser of SplitMix64.</summary>
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
