using StreamFlow.Broker;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>Runs alone, because allocations are counted for the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}

/// <summary>
/// What a produce request and the fetch that waits for it allocate at client and broker together, once all that is used again is there.
/// </summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Integration")]
public sealed class RequestAllocationTests : IDisposable
{
    private const int Rounds = 3000;

    // A round is a produce request and one or two fetches. The clockwork of both sides and the sockets allocate now and then, on a busy
    // machine about 50 bytes a round; an object that every request makes anew comes on top of that.
    private const double Most = 120;

    // Where there is one, a file system that syncs at once: what the clockwork allocates grows with the time that the rounds take.
    private readonly string _directory =
        Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"streamflow-requests-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_record_that_is_sent_and_waited_for_over_tcp_makes_no_objects()
    {
        await using var broker = await BrokerServer.StartAsync(
            new BrokerOptions { DataDirectory = _directory, Listeners = ["127.0.0.1:0"] });
        await using var cluster = RemoteCluster.Open(broker.EndPoints[0].ToString());
        Assert.InRange(await MeasureAsync(cluster), 0, Most);
    }

    [Fact]
    public async Task A_record_that_is_sent_and_waited_for_in_process_makes_no_objects()
    {
        await using var cluster = await Embedded.Cluster.OpenAsync($"embedded:{_directory}");
        Assert.InRange(await MeasureAsync(cluster), 0, Most);
    }

    private static async Task<double> MeasureAsync(ICluster cluster)
    {
        var topic = await Clusters.CreateTopicAsync(cluster);
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, ReuseBatches = true,
        });
        consumer.Assign([new TopicPartition(topic, 0)]);
        var least = double.MaxValue;
        for (var attempt = 0; attempt < 4 && least > Most; attempt++)
        {
            // The first time fills the pools; a later one may meet what comes once in a while, such as a segment or another thread.
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Rounds; i++)
            {
                await RunAsync(producer, consumer, topic);
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rounds);
        }

        return least;
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask RunAsync(IProducer producer, IConsumer consumer, string topic)
    {
        Append(producer, topic);
        RecordBatchLease? batch;
        do
        {
            batch = await consumer.PollAsync(Clusters.Patience);
        }
        while (batch is null);

        batch.Dispose();
    }

    private static void Append(IProducer producer, string topic)
    {
        Span<byte> value = stackalloc byte[100];
        value.Clear();
        Assert.True(producer.TryAppend(topic, 0, 1, false, default, true, value, Headers.Empty));
    }
}
