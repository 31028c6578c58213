using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Scripted;

/// <summary>What nobody foresaw, met by work in the background, reaches the application, and the work goes on.</summary>
public sealed class UnforeseenErrorTests
{
    private const string Topic = "t";
    private static readonly TopicPartition Partition = new(Topic, 0);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task While_fetching_it_is_thrown_by_the_poll_and_the_next_poll_goes_on()
    {
        var brokers = new ScriptedCluster();
        brokers.On<FetchRequest, FetchResponse>(
            ApiKey.Fetch, (_, _) => brokers.Count(ApiKey.Fetch) == 1 ? throw new InvalidOperationException("surprise") : Fetched(Batch()));
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default);
        consumer.Assign([Partition]);
        consumer.Seek(Partition, 0);
        AssertTells(await Assert.ThrowsAsync<StreamFlowException>(async () => await consumer.PollAsync(Patience)));
        using var batch = await consumer.PollAsync(Patience);
        Assert.Equal(0, batch!.BaseOffset);
    }

    [Fact]
    public async Task While_looking_for_a_position_it_is_thrown_by_the_poll_and_the_next_poll_goes_on()
    {
        var brokers = new ScriptedCluster();
        brokers.On<ListOffsetsRequest, ListOffsetsResponse>(ApiKey.ListOffsets, (_, _) => brokers.Count(ApiKey.ListOffsets) == 1
            ? throw new InvalidOperationException("surprise")
            : new() { Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = 0, Offset = 0 }] }] });
        brokers.On<FetchRequest, FetchResponse>(ApiKey.Fetch, (_, _) => Fetched(Batch()));
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default);
        consumer.Assign([Partition]);
        AssertTells(await Assert.ThrowsAsync<StreamFlowException>(async () => await consumer.PollAsync(Patience)));
        using var batch = await consumer.PollAsync(Patience);
        Assert.Equal(0, batch!.BaseOffset);
    }

    [Fact]
    public async Task While_beating_it_is_thrown_by_the_poll()
    {
        var brokers = new ScriptedCluster();
        brokers.On<JoinGroupRequest, JoinGroupResponse>(
            ApiKey.JoinGroup, (_, _) => new() { MemberId = "m", Leader = "other", GenerationId = 1, ProtocolName = "range", ProtocolType = "consumer" });
        brokers.On<SyncGroupRequest, SyncGroupResponse>(
            ApiKey.SyncGroup, (_, _) => new() { Assignment = ConsumerProtocol.Write(new MemberAssignment([])) });
        brokers.On<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, (_, _) => throw new InvalidOperationException("surprise"));
        brokers.On<LeaveGroupRequest, LeaveGroupResponse>(ApiKey.LeaveGroup, (_, _) => new());
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with
        {
            GroupId = "g",
            HeartbeatInterval = TimeSpan.FromMilliseconds(5),
            Assignors = [new RangeAssignor()],
        });
        consumer.Subscribe([Topic]);
        AssertTells(await Assert.ThrowsAsync<StreamFlowException>(async () => await consumer.PollAsync(Patience)));
    }

    [Theory]
    [InlineData(ApiKey.Produce)]
    [InlineData(ApiKey.InitProducerId)]
    public async Task While_sending_it_fails_the_records_and_the_next_ones_go(ApiKey where)
    {
        var brokers = new ScriptedCluster();
        void Surprise(ApiKey here)
        {
            if (here == where && brokers.Count(here) == 1)
            {
                throw new InvalidOperationException("surprise");
            }
        }

        brokers.On<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId, (_, _) =>
        {
            Surprise(ApiKey.InitProducerId);
            return new() { ProducerId = 7 };
        });
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (_, _) =>
        {
            Surprise(ApiKey.Produce);
            return Produced();
        });
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        AssertTells(await Assert.ThrowsAsync<StreamFlowException>(async () => await producer.SendAsync(Record())));
        Assert.Equal(5, (await producer.SendAsync(Record())).Offset);
    }

    [Fact]
    public async Task A_delivery_callback_that_throws_fails_the_flush_and_holds_up_nobody()
    {
        var brokers = new ScriptedCluster();
        brokers.On<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId, (_, _) => new() { ProducerId = 7 });
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (_, _) => Produced());
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(
            ProducerOptions.Default with { OnDelivery = _ => throw new InvalidOperationException("surprise") });
        Assert.Equal(5, (await producer.SendAsync(Record())).Offset);
        var error = await Assert.ThrowsAsync<StreamFlowException>(async () => await producer.FlushAsync());
        Assert.Contains("delivery callback failed: surprise", error.Message, StringComparison.Ordinal);
    }

    private static void AssertTells(StreamFlowException error)
    {
        Assert.Contains("InvalidOperationException: surprise", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    private static ProducerRecord Record() => new(Topic, null, "v"u8.ToArray()) { Partition = 0 };

    private static ProduceResponse Produced() =>
        new() { Responses = [new() { Name = Topic, PartitionResponses = [new() { Index = 0, BaseOffset = 5, LogAppendTimeMs = -1 }] }] };

    private static FetchResponse Fetched(ReadOnlyMemory<byte> records) => new()
    {
        Responses = [new() { Topic = Topic, Partitions = [new() { PartitionIndex = 0, Records = records, HighWatermark = 10 }] }],
    };

    private static byte[] Batch()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(0, false, default, true, "v"u8, Headers.Empty);
        return builder.Finish(new RecordBatchOptions()).ToArray();
    }
}
