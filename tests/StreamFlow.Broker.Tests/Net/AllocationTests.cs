using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Net;

/// <summary>Runs alone, because allocations are counted for the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}

/// <summary>
/// What a request of a connection at work allocates: nothing on the produce and fetch paths, from the first byte read to the last one
/// written, those that wait for the disk or for records included. The socket's own part is Kestrel's.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class AllocationTests : IDisposable
{
    private const int Rounds = 4000;
    private const int MostTries = 5;

    // The broker's clockwork allocates now and then; less than the smallest object a request is none a request.
    private const double None = 12;

    // Stands for the offset in an encoded fetch.
    private const long OffsetMark = 0x1122334455667788;
    private static readonly byte[] MarkBytes = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88];

    // Where there is one, a file system that syncs at once: what the clockwork allocates grows with the time that the rounds take.
    private readonly string _directory = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"broker-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData((short)1, 1)]
    [InlineData((short)-1, 1)]
    [InlineData((short)-1, 3)]
    public async Task Produce_request_allocates_nothing(short acks, int partitions)
    {
        await using var broker = await TestBroker.StartAsync(directory: _directory);
        await broker.CreateTopicAsync("t", partitions);
        await using var client = new PipeConnection(broker);
        var bytes = Encode(Produce(acks, partitions), 11);
        Assert.InRange(await MeasureAsync(() => ExchangeAsync(client, bytes)), 0, None);
    }

    [Theory]
    [InlineData((short)1)]
    [InlineData((short)-1)]
    public async Task Fetch_that_waits_for_what_is_produced_allocates_nothing(short acks)
    {
        await using var broker = await TestBroker.StartAsync(directory: _directory);
        await broker.CreateTopicAsync("t");
        await using var producer = new PipeConnection(broker);
        await using var consumer = new PipeConnection(broker);
        var request = Fetch(1);
        request.Topics[0].Partitions[0].FetchOffset = OffsetMark;
        var (produce, fetch, next) = (Encode(Produce(acks, 1), 11), Encode(request, 11), 0L);
        var offset = fetch.AsMemory(fetch.AsSpan().IndexOf(MarkBytes), sizeof(long));

        Assert.InRange(await MeasureAsync(RoundAsync), 0, None);

        [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]
        async ValueTask RoundAsync()
        {
            BinaryPrimitives.WriteInt64BigEndian(offset.Span, next++);
            await SendAsync(consumer, fetch);
            await ExchangeAsync(producer, produce);
            await ReceiveAsync(consumer);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Fetch_that_finds_records_allocates_nothing(int partitions)
    {
        await using var broker = await TestBroker.StartAsync(directory: _directory);
        await broker.CreateTopicAsync("t", 2);
        await broker.ProduceAsync("t", 0, TestBroker.Batch(new string('v', 5000)));
        await broker.ProduceAsync("t", 1, TestBroker.Batch(new string('v', 5000)));
        await using var client = new PipeConnection(broker);
        var bytes = Encode(Fetch(partitions), 11);
        Assert.InRange(await MeasureAsync(() => ExchangeAsync(client, bytes)), 0, None);
    }

    private static ProduceRequest Produce(short acks, int partitions)
    {
        var topic = new ProduceRequest.TopicProduceData { Name = "t" };
        for (var i = 0; i < partitions; i++)
        {
            topic.PartitionData.Add(new() { Index = i, Records = TestBroker.Batch(new string('v', 500)) });
        }

        return new() { Acks = acks, TimeoutMs = 1000, TopicData = [topic] };
    }

    private static FetchRequest Fetch(int partitions)
    {
        var topic = new FetchRequest.FetchTopic { Topic = "t" };
        for (var i = 0; i < partitions; i++)
        {
            topic.Partitions.Add(new() { Partition = i, PartitionMaxBytes = 1 << 20 });
        }

        return new() { MaxWaitMs = 30_000, MinBytes = 1, MaxBytes = 1 << 20, SessionEpoch = -1, Topics = [topic] };
    }

    private static byte[] Encode(IRequest request, short version)
    {
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(frame, request, version, 1, "client");
        return frame.ToArray();
    }

    private static async Task<double> MeasureAsync(Func<ValueTask> round)
    {
        // Records of a log's index, of segments and of pools are made by the way; all that is there after as many rounds again.
        for (var i = 0; i < Rounds; i++)
        {
            await round();
        }

        // What others allocate meanwhile only adds: the least of several is nearest to what a request does.
        var least = double.MaxValue;
        for (var tries = 0; tries < MostTries && least > None; tries++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Rounds; i++)
            {
                await round();
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rounds);
        }

        return least;
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ExchangeAsync(PipeConnection client, byte[] request)
    {
        await SendAsync(client, request);
        await ReceiveAsync(client);
    }

    private static ValueTask<System.IO.Pipelines.FlushResult> SendAsync(PipeConnection client, byte[] request)
    {
        client.Input.Write(request);
        return client.Input.FlushAsync();
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ReceiveAsync(PipeConnection client)
    {
        while (true)
        {
            var result = await client.Output.ReadAsync();
            var buffer = result.Buffer;
            if (buffer.Length >= sizeof(int) && buffer.Length >= sizeof(int) + SizeOf(buffer))
            {
                client.Output.AdvanceTo(buffer.End);
                return;
            }

            Assert.False(result.IsCompleted, "the broker has closed the connection");
            client.Output.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static int SizeOf(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> size = stackalloc byte[sizeof(int)];
        buffer.Slice(0, sizeof(int)).CopyTo(size);
        return BinaryPrimitives.ReadInt32BigEndian(size);
    }
}
