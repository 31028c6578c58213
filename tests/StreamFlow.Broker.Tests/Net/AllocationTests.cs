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
/// written. The socket's own part is Kestrel's.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class AllocationTests
{
    private const int Rounds = 4000;

    // The broker's clockwork allocates now and then; less than the smallest object a request is none a request.
    private const double None = 12;

    [Theory]
    [InlineData((short)1, None)]
    [InlineData((short)-1, 400)]
    public async Task Produce_request_allocates_nothing_but_what_its_group_commit_shares(short acks, double most)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var request = new ProduceRequest
        {
            Acks = acks,
            TimeoutMs = 1000,
            TopicData = [new() { Name = "t", PartitionData = [new() { Records = TestBroker.Batch(new string('v', 500)) }] }],
        };
        Assert.InRange(await MeasureAsync(broker, request, 11), 0, most);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Fetch_that_finds_records_allocates_nothing(int partitions)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 2);
        await broker.ProduceAsync("t", 0, TestBroker.Batch(new string('v', 5000)));
        await broker.ProduceAsync("t", 1, TestBroker.Batch(new string('v', 5000)));
        var request = new FetchRequest
        {
            MaxWaitMs = 500,
            MinBytes = 1,
            MaxBytes = 1 << 20,
            SessionEpoch = -1,
            Topics = [new() { Topic = "t" }],
        };
        for (var i = 0; i < partitions; i++)
        {
            request.Topics[0].Partitions.Add(new() { Partition = i, PartitionMaxBytes = 1 << 20 });
        }

        Assert.InRange(await MeasureAsync(broker, request, 11), 0, None);
    }

    private static async Task<double> MeasureAsync(TestBroker broker, IRequest request, short version)
    {
        await using var client = new PipeConnection(broker);
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(frame, request, version, 1, "client");
        var bytes = frame.ToArray();

        // Records of a log's index, of segments and of pools are made by the way; all that is there after as many rounds again.
        for (var round = 0; round < Rounds; round++)
        {
            await ExchangeAsync(client, bytes);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var round = 0; round < Rounds; round++)
        {
            await ExchangeAsync(client, bytes);
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rounds;
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ExchangeAsync(PipeConnection client, byte[] request)
    {
        client.Input.Write(request);
        await client.Input.FlushAsync();
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
