using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Scripted;

public sealed class ConsumerScriptTests
{
    private static readonly TopicPartition Partition = new("t", 0);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_offset_outside_the_log_is_reset_by_the_policy()
    {
        var brokers = WithOffsets(new ScriptedCluster());
        brokers.On<FetchRequest, FetchResponse>(
            ApiKey.Fetch, (request, _) => OffsetOf(request) == 3 ? Fetched(ErrorCode.None, Batch(3)) : Fetched(ErrorCode.OffsetOutOfRange, default));
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Assign([Partition]);
        consumer.Seek(Partition, 99);
        using var batch = await consumer.PollAsync(Patience);
        Assert.Equal(3, batch!.BaseOffset);
    }

    [Fact]
    public async Task An_offset_outside_the_log_is_an_error_when_the_policy_is_none()
    {
        var brokers = WithOffsets(new ScriptedCluster());
        brokers.On<FetchRequest, FetchResponse>(ApiKey.Fetch, (_, _) => Fetched(ErrorCode.OffsetOutOfRange, default));
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.None });
        consumer.Assign([Partition]);
        consumer.Seek(Partition, 99);
        var error = await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await consumer.PollAsync(Patience));
        Assert.Equal(99, error.Offset);
    }

    [Fact]
    public async Task Fetching_follows_the_leader_and_survives_cut_connections()
    {
        var brokers = WithOffsets(new ScriptedCluster());
        brokers.On<FetchRequest, FetchResponse>(ApiKey.Fetch, (_, call) =>
        {
            var calls = brokers.Count(ApiKey.Fetch);
            brokers.Leader = calls > 2 ? 2 : 1;
            return calls == 1 ? throw ScriptedCluster.Cut()
                : call.Broker == 1 ? Fetched(ErrorCode.NotLeaderOrFollower, default)
                : Fetched(ErrorCode.None, Batch(0));
        });
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default);
        consumer.Assign([Partition]);
        consumer.Seek(Partition, 0);
        using var batch = await consumer.PollAsync(Patience);
        Assert.Equal(0, batch!.BaseOffset);
    }

    [Fact]
    public async Task A_commit_follows_the_coordinator()
    {
        var brokers = WithOffsets(new ScriptedCluster());
        brokers.On<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, (_, call) =>
        {
            brokers.Coordinator = 2;
            var error = call.Broker == 2 ? ErrorCode.None : ErrorCode.NotCoordinator;
            return new() { Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, ErrorCode = error }] }] };
        });
        await using var cluster = brokers.Open();
        await cluster.Admin.AlterGroupOffsetsAsync("g", new Dictionary<TopicPartition, OffsetAndMetadata> { [Partition] = new(1) });
        Assert.Equal([1, 2], brokers.Calls.Select(c => c.Broker));
    }

    [Fact]
    public async Task A_member_whose_place_another_took_cannot_go_on()
    {
        var brokers = WithOffsets(new ScriptedCluster());
        brokers.On<JoinGroupRequest, JoinGroupResponse>(
            ApiKey.JoinGroup, (_, _) => new() { MemberId = "m", Leader = "other", GenerationId = 1, ProtocolName = "range", ProtocolType = "consumer" });
        brokers.On<SyncGroupRequest, SyncGroupResponse>(
            ApiKey.SyncGroup, (_, _) => new() { Assignment = ConsumerProtocol.Write(new MemberAssignment([Partition])) });
        brokers.On<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, (_, _) => new() { ErrorCode = ErrorCode.FencedInstanceId });
        brokers.On<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, (_, _) => new());
        brokers.On<FetchRequest, FetchResponse>(ApiKey.Fetch, (_, _) => Fetched(ErrorCode.None, default));
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with
        {
            GroupId = "g",
            GroupInstanceId = "i",
            HeartbeatInterval = TimeSpan.FromMilliseconds(20),
            Assignors = [new RangeAssignor()],
        });
        consumer.Subscribe(["t"]);
        var error = await Assert.ThrowsAsync<BrokerException>(async () => await consumer.PollAsync(Patience));
        Assert.Equal(ErrorCode.FencedInstanceId, error.ErrorCode);
    }

    private static ScriptedCluster WithOffsets(ScriptedCluster brokers) => brokers.On<ListOffsetsRequest, ListOffsetsResponse>(
        ApiKey.ListOffsets, (_, _) => new() { Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Offset = 3 }] }] });

    private static long OffsetOf(FetchRequest request) => request.Topics[0].Partitions[0].FetchOffset;

    private static FetchResponse Fetched(ErrorCode error, ReadOnlyMemory<byte> records) => new()
    {
        Responses = [new() { Topic = "t", Partitions = [new() { PartitionIndex = 0, ErrorCode = error, Records = records, HighWatermark = 10 }] }],
    };

    private static byte[] Batch(long offset)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(0, false, default, true, "v"u8, Headers.Empty);
        return builder.Finish(new RecordBatchOptions { BaseOffset = offset }).ToArray();
    }
}
