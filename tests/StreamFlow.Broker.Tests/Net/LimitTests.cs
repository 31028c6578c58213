using System.Buffers.Binary;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Net;

/// <summary>What connections may take: never without bound, whatever their clients do.</summary>
public sealed class LimitTests
{
    private const int PipeSize = 256 * 1024;

    [Fact]
    public async Task Client_that_does_not_read_holds_a_small_part_of_its_response_and_gets_all_of_it_when_it_reads()
    {
        await using var broker = await TestBroker.StartAsync();
        var records = await FillAsync(broker);
        await using var client = new PipeConnection(broker, PipeSize);
        await client.SendAsync(Fetch(), 11, 7);
        await UntilAsync(() => client.IdleSince != long.MaxValue && client.Output.TryRead(out var peek) && Peek(client, peek) >= PipeSize);

        // The broker waits for the client: what it has written is all that it holds.
        Assert.True(client.Output.TryRead(out var written));
        Assert.InRange(written.Buffer.Length, PipeSize, 2 * PipeSize);
        client.Output.AdvanceTo(written.Buffer.Start);
        var response = (FetchResponse)MessageFrame.ReadResponse(await client.ReadAsync(), ApiKey.Fetch, 11, out var correlationId);
        Assert.Equal(7, correlationId);
        Assert.Equal(records, response.Responses[0].Partitions[0].Records!.Value.Length);
    }

    [Fact]
    public async Task Client_that_never_reads_is_closed_after_the_idle_time()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { ConnectionsMaxIdleMs = 1000 }, listen: true);
        var records = await FillAsync(broker);
        using var client = await RawClient.ConnectAsync(broker);
        for (var i = 0; i < 4; i++)
        {
            await client.SendAsync(Fetch(), 11, i);
        }

        await UntilAsync(() => broker.Server.Connections == 1);
        await UntilAsync(() => broker.Server.Connections == 0);
        var received = 0L;
        while (await client.ReadAsync() is { } frame)
        {
            received += frame.Length;
        }

        Assert.InRange(received, 0, 4L * records - 1);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_of_all_listeners_together_are_closed()
    {
        await using var broker = await TestBroker.StartAsync(o => BrokerOptions.FromProperties(
            [
                new("listeners", "ONE://127.0.0.1:0,TWO://127.0.0.1:0"),
                new("listener.security.protocol.map", "ONE:PLAINTEXT,TWO:PLAINTEXT"),
                new("max.connections", "2"),
                new("listener.name.two.max.connections", "10"),
            ],
            o));
        using var first = await RawClient.ConnectAsync(broker, 0);
        Assert.NotNull(await AskAsync(first));
        using var second = await RawClient.ConnectAsync(broker, 1);
        Assert.NotNull(await AskAsync(second));
        using var third = await RawClient.ConnectAsync(broker, 1);
        Assert.Null(await third.ReadAsync());
        first.Dispose();
        await UntilAsync(() => broker.Server.Connections == 1);
        using var fourth = await RawClient.ConnectAsync(broker, 0);
        Assert.NotNull(await AskAsync(fourth));
    }

    [Fact]
    public async Task Requests_beyond_the_queued_bytes_wait_and_are_all_answered()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { QueuedMaxRequestBytes = 1000 }, listen: true);
        await broker.CreateTopicAsync("t");
        using var slow = await RawClient.ConnectAsync(broker);
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(frame, Produce(new string('s', 50_000)), 9, 1, "c");
        var bytes = frame.ToArray();
        await slow.SendAsync(bytes.AsMemory(0, 20_000));
        await UntilAsync(() => broker.Server.Requests.Used > 1000);

        var clients = new List<RawClient>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await RawClient.ConnectAsync(broker));
            await clients[i].SendAsync(Produce(new string('x', 5000)), 9, i);
        }

        await UntilAsync(() => broker.Server.Requests.Waiting == clients.Count);
        await slow.SendAsync(bytes.AsMemory(20_000));
        foreach (var client in clients.Append(slow))
        {
            var answer = (ProduceResponse)MessageFrame.ReadResponse((await client.ReadAsync())!, ApiKey.Produce, 9, out _);
            Assert.Equal(ErrorCode.None, answer.Responses[0].PartitionResponses[0].ErrorCode);
            client.Dispose();
        }

        await UntilAsync(() => broker.Server.Requests.Used == 0);
        Assert.Equal(21, (await broker.FetchAsync("t", 0, 0)).HighWatermark);
    }

    [Fact]
    public async Task Client_that_leaves_while_it_waits_for_room_gives_up_its_place()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { QueuedMaxRequestBytes = 10 }, listen: true);
        using var holder = await RawClient.ConnectAsync(broker);
        await holder.SendAsync(Convert.FromHexString("000003e8" + "0003"));
        await UntilAsync(() => broker.Server.Requests.Used > 10);
        using (var waiter = await RawClient.ConnectAsync(broker))
        {
            await waiter.SendAsync(new MetadataRequest { Topics = null }, 9, 1);
            await UntilAsync(() => broker.Server.Requests.Waiting == 1);
        }

        await UntilAsync(() => broker.Server.Requests.Waiting == 0);
        holder.Dispose();
        await UntilAsync(() => broker.Server.Requests.Used == 0);
    }

    [Fact]
    public async Task Limit_of_memory_that_is_too_small_is_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => TestBroker.StartAsync(o => BrokerOptions.FromProperties([new("memory.limit", "0")], o)));
        Assert.Contains("memory.limit", error.Message, StringComparison.Ordinal);
        await using var broker = await TestBroker.StartAsync(
            o => BrokerOptions.FromProperties([new("memory.limit", $"{MemoryBudget.Smallest}")], o));
    }

    private static async Task<int> FillAsync(TestBroker broker)
    {
        await broker.CreateTopicAsync("t");
        for (var i = 0; i < 16; i++)
        {
            var answer = await broker.ProduceAsync("t", 0, TestBroker.Batch(new string('v', 900_000)), acks: 1);
            Assert.Equal(ErrorCode.None, answer.ErrorCode);
        }

        return (await broker.FetchAsync("t", 0, 0, maxBytes: 100 << 20)).Records!.Value.Length;
    }

    private static FetchRequest Fetch() => new()
    {
        MaxBytes = 100 << 20,
        Topics = [new() { Topic = "t", Partitions = [new() { PartitionMaxBytes = 100 << 20 }] }],
    };

    private static ProduceRequest Produce(string value) => new()
    {
        Acks = 1,
        TopicData = [new() { Name = "t", PartitionData = [new() { Records = TestBroker.Batch(value) }] }],
    };

    private static async Task<byte[]?> AskAsync(RawClient client)
    {
        await client.SendAsync(new MetadataRequest { Topics = null }, 9, 1);
        return await client.ReadAsync();
    }

    private static long Peek(PipeConnection client, in System.IO.Pipelines.ReadResult result)
    {
        var length = result.Buffer.Length;
        client.Output.AdvanceTo(result.Buffer.Start);
        return length;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
