using StreamFlow.Client.Consuming;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Scripted;

/// <summary>A leader that lacks what an older one gave out (KIP-320): broker 1 leads with epoch 1, then broker 2 with epoch 2.</summary>
public sealed class TruncationScriptTests
{
    private static readonly TopicPartition Partition = new("t", 0);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_new_leader_that_holds_everything_is_read_on()
    {
        var brokers = Moving(epochEnd: 3);
        await using var cluster = brokers.Open();
        await using var consumer = Reader(cluster, AutoOffsetReset.None);
        await ReadAndMoveAsync(consumer, brokers);
        Assert.Equal([(3L, 2)], await ReadAsync(consumer, 1));
        Assert.Equal(1, brokers.Count(ApiKey.OffsetForLeaderEpoch));
    }

    [Fact]
    public async Task A_cut_log_is_read_from_where_it_may_differ()
    {
        var brokers = Moving(epochEnd: 1);
        await using var cluster = brokers.Open();
        await using var consumer = Reader(cluster, AutoOffsetReset.Latest);
        await ReadAndMoveAsync(consumer, brokers);
        Assert.Equal([(1L, 2), (2L, 2)], await ReadAsync(consumer, 2));
    }

    [Fact]
    public async Task A_cut_log_is_an_error_when_the_policy_is_none()
    {
        var brokers = Moving(epochEnd: 1);
        await using var cluster = brokers.Open();
        await using var consumer = Reader(cluster, AutoOffsetReset.None);
        await ReadAndMoveAsync(consumer, brokers);
        var error = await Assert.ThrowsAsync<LogTruncationException>(() => ReadAsync(consumer, 1));
        Assert.Equal((Partition, 3L, 1L), (error.Partition, error.Position, error.DivergentOffset));

        consumer.Seek(Partition, error.DivergentOffset!.Value);
        Assert.Equal([(1L, 2)], await ReadAsync(consumer, 1));
    }

    [Fact]
    public async Task An_epoch_that_the_leader_does_not_know_is_reset_by_the_policy()
    {
        var brokers = Moving(epochEnd: -1);
        brokers.On<ListOffsetsRequest, ListOffsetsResponse>(
            ApiKey.ListOffsets, (_, _) => new() { Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Offset = 2 }] }] });
        await using var cluster = brokers.Open();
        await using var consumer = Reader(cluster, AutoOffsetReset.Earliest);
        await ReadAndMoveAsync(consumer, brokers);
        Assert.Equal([(2L, 2)], await ReadAsync(consumer, 1));
    }

    [Fact]
    public async Task A_committed_epoch_is_asked_for_before_the_first_fetch()
    {
        var brokers = Moving(epochEnd: 1);
        (brokers.Leader, brokers.LeaderEpoch) = (2, 2);
        brokers.On<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, (_, _) => new()
        {
            Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 3, CommittedLeaderEpoch = 1, Metadata = "" }] }],
        });
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { GroupId = "g" });
        consumer.Assign([Partition]);
        Assert.Equal([(1L, 2)], await ReadAsync(consumer, 1));
    }

    [Fact]
    public async Task A_commit_carries_the_epoch_of_the_last_record()
    {
        var brokers = Moving(epochEnd: 3);
        OffsetCommitRequest? commit = null;
        brokers.On<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, (_, _) => new());
        brokers.On<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, (request, _) =>
        {
            commit = request;
            return new();
        });
        await using var cluster = brokers.Open();
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { GroupId = "g" });
        consumer.Assign([Partition]);
        consumer.Seek(Partition, 0);
        await ReadAsync(consumer, 2);
        await consumer.CommitAsync();
        var committed = commit!.Topics.Single().Partitions.Single();
        Assert.Equal((2L, 1), (committed.CommittedOffset, committed.CommittedLeaderEpoch));
    }

    private static IConsumer Reader(ICluster cluster, AutoOffsetReset policy)
    {
        var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = policy });
        consumer.Assign([Partition]);
        consumer.Seek(Partition, 0);
        return consumer;
    }

    private static async Task ReadAndMoveAsync(IConsumer consumer, ScriptedCluster brokers)
    {
        Assert.Equal([(0L, 1), (1L, 1), (2L, 1)], await ReadAsync(consumer, 3));
        (brokers.LeaderEpoch, brokers.Leader) = (2, 2);
    }

    /// <summary>Broker 1 gives offsets 0 to 2 as long as it leads; broker 2 gives every offset asked for.</summary>
    private static ScriptedCluster Moving(long epochEnd)
    {
        var brokers = new ScriptedCluster { LeaderEpoch = 1 };
        brokers.On<FetchRequest, FetchResponse>(ApiKey.Fetch, (request, call) =>
        {
            var asked = request.Topics.SelectMany(t => t.Partitions).Single();
            Assert.Equal(call.Broker, asked.CurrentLeaderEpoch);
            if (call.Broker == 2)
            {
                return Fetched(ErrorCode.None, Batch(asked.FetchOffset, 2));
            }

            return brokers.Leader != 1 ? Fetched(ErrorCode.NotLeaderOrFollower, default)
                : asked.FetchOffset < 3 ? Fetched(ErrorCode.None, Batch(asked.FetchOffset, 1))
                : Fetched(ErrorCode.None, default);
        });
        brokers.On<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(ApiKey.OffsetForLeaderEpoch, (request, call) =>
        {
            var asked = request.Topics.Single().Partitions.Single();
            Assert.Equal((2, 2, 1), (call.Broker, asked.CurrentLeaderEpoch, asked.LeaderEpoch));
            return new()
            {
                Topics = [new() { Topic = "t", Partitions = [new() { Partition = 0, LeaderEpoch = epochEnd < 0 ? -1 : 1, EndOffset = epochEnd }] }],
            };
        });
        return brokers;
    }

    private static async Task<List<(long Offset, int Epoch)>> ReadAsync(IConsumer consumer, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var read = new List<(long, int)>();
        while (read.Count < count)
        {
            using var batch = await consumer.PollAsync(Patience, patience.Token);
            read.Add((batch!.BaseOffset, batch.LeaderEpoch));
        }

        return read;
    }

    private static FetchResponse Fetched(ErrorCode error, ReadOnlyMemory<byte> records) => new()
    {
        Responses = [new() { Topic = "t", Partitions = [new() { PartitionIndex = 0, ErrorCode = error, Records = records, HighWatermark = 10 }] }],
    };

    private static byte[] Batch(long offset, int epoch)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(0, false, default, true, "v"u8, Headers.Empty);
        return builder.Finish(new RecordBatchOptions { BaseOffset = offset, PartitionLeaderEpoch = epoch }).ToArray();
    }
}
