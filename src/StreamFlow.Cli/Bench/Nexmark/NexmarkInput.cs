using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using StreamFlow.Cli.Bench.Streams;
using StreamFlow.Client;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>Which events a query runs over.</summary>
/// <param name="Events">Events 0 … N-1.</param>
/// <param name="Seed">Seed of all draws.</param>
/// <param name="Rate">Events per second of event time.</param>
/// <param name="Partitions">Partitions of each topic; with one, the order of all events of a kind is kept.</param>
internal sealed record NexmarkInput(long Events, long Seed, long Rate, int Partitions)
{
    private const int SideKeys = 10_000;

    private static readonly string[] AllTopics = ["person", "auction", "bid", "side"];

    /// <summary>
    /// Creates all topics and writes into some of them the events of their kind: key = event number (8 bytes), value = JSON, by id.
    /// </summary>
    public async Task LoadAsync(ICluster cluster, IReadOnlyList<string> topics, CancellationToken cancellation)
    {
        foreach (var topic in AllTopics)
        {
            await BenchTopics.CreateAsync(cluster.Admin, topic, Partitions, cancellation);
        }

        await using var producer = cluster.CreateProducer(new ProducerOptions { BatchSize = 1 << 17 });
        if (topics.Contains("side"))
        {
            await WriteSideAsync(producer, cancellation);
        }

        await WriteEventsAsync(producer, topics, cancellation);
        await producer.FlushAsync(cancellation);
    }

    private static string TopicOf(NexmarkKind kind) => kind switch
    {
        NexmarkKind.Person => "person",
        NexmarkKind.Auction => "auction",
        _ => "bid",
    };

    private async Task WriteEventsAsync(IProducer producer, IReadOnlyList<string> topics, CancellationToken cancellation)
    {
        var generator = new NexmarkGenerator(Seed, Rate);
        var key = new byte[sizeof(long)];
        using var value = new PooledBufferWriter(1024);
        var wanted = new bool[3];
        foreach (var kind in Enum.GetValues<NexmarkKind>())
        {
            wanted[(int)kind] = topics.Contains(TopicOf(kind));
        }

        for (long e = 0; e < Events; e++)
        {
            var kind = NexmarkGenerator.KindOf(e);
            if (!wanted[(int)kind])
            {
                continue;
            }

            value.Clear();
            generator.WriteJson(e, value);
            BinaryPrimitives.WriteInt64BigEndian(key, e);
            var id = kind == NexmarkKind.Person ? NexmarkGenerator.PersonOf(e) : generator.AuctionOf(e);
            await AppendAsync(producer, TopicOf(kind), (int)(id % Partitions), generator.TimeOf(e), key, value.WrittenMemory, cancellation);
        }
    }

    private async Task WriteSideAsync(IProducer producer, CancellationToken cancellation)
    {
        var key = new byte[sizeof(long)];
        for (long k = 0; k < SideKeys; k++)
        {
            BinaryPrimitives.WriteInt64BigEndian(key, k);
            var value = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"value\":\"side-{SideKeys - 1 - k}\"}}"));
            var partition = Murmur2.PartitionOf(key, Partitions);
            await AppendAsync(producer, "side", partition, NexmarkGenerator.BaseTime - 1, key, value, cancellation);
        }
    }

    private static async ValueTask AppendAsync(
        IProducer producer,
        string topic,
        int partition,
        long timestamp,
        byte[] key,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellation)
    {
        while (!producer.TryAppend(topic, partition, timestamp, true, key, true, value.Span, Headers.Empty))
        {
            await producer.WaitForSpaceAsync(cancellation);
        }
    }
}
