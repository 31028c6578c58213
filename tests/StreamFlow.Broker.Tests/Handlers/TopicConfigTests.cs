using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Handlers;

/// <summary>Topic settings by what they do, each changed on a topic that is in use.</summary>
public sealed class TopicConfigTests
{
    [Fact]
    public async Task Settings_hold_for_the_next_batch_of_a_topic_that_is_in_use()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        Assert.Equal(ErrorCode.None, await ProduceAsync(broker, new string('x', 2000)));

        await SetAsync(broker, "max.message.bytes", "1000");
        Assert.Equal(ErrorCode.MessageTooLarge, await ProduceAsync(broker, new string('x', 2000)));
        await SetAsync(broker, "max.message.bytes", "100000");

        await SetAsync(broker, "message.timestamp.before.max.ms", "1");
        Assert.Equal(ErrorCode.InvalidTimestamp, (await broker.ProduceAsync("t", 0, Old())).ErrorCode);
        await SetAsync(broker, "message.timestamp.type", "LogAppendTime");
        var stamped = await broker.ProduceAsync("t", 0, Old());
        Assert.Equal(ErrorCode.None, stamped.ErrorCode);
        Assert.True(stamped.LogAppendTimeMs > 0);

        await SetAsync(broker, "compression.type", "gzip");
        var zipped = await broker.ProduceAsync("t", 0, TestBroker.Batch("a"));
        var fetched = await broker.FetchAsync("t", 0, zipped.BaseOffset);
        Assert.True(RecordBatchView.TryRead(fetched.Records!.Value.Span, out var batch));
        Assert.Equal((CompressionType.Gzip, TimestampType.LogAppendTime), (batch.Compression, batch.TimestampType));
    }

    [Fact]
    public async Task Batch_is_stored_uncompressed_where_the_topic_says_so()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 1, ("compression.type", "uncompressed"));
        await broker.ProduceAsync("t", 0, TestBroker.Batch(new RecordBatchOptions { Compression = CompressionType.Gzip }, "a", "b"));

        var fetched = await broker.FetchAsync("t", 0, 0);
        Assert.True(RecordBatchView.TryRead(fetched.Records!.Value.Span, out var batch));
        Assert.Equal(CompressionType.None, batch.Compression);
        Assert.Equal(["a", "b"], TestBroker.Values(fetched));
    }

    [Fact]
    public async Task More_replicas_than_there_can_be_are_not_waited_for()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 1, ("min.insync.replicas", "2"));
        Assert.Equal(ErrorCode.None, (await broker.ProduceAsync("t", 0, TestBroker.Batch("a"), acks: -1)).ErrorCode);
    }

    [Fact]
    public async Task Only_delete_allows_records_to_be_deleted()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 1, ("cleanup.policy", "compact"));
        await broker.ProduceAsync("t", 0, TestBroker.KeyedBatch("k", "v"));

        Assert.Equal(ErrorCode.PolicyViolation, await DeleteAsync(broker));
        await SetAsync(broker, "cleanup.policy", "compact,delete");
        Assert.Equal(ErrorCode.None, await DeleteAsync(broker));
    }

    [Fact]
    public async Task Settings_that_contradict_each_other_are_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 1, ("max.compaction.lag.ms", "100"));
        Assert.Equal(ErrorCode.InvalidConfig, await ChangeAsync(broker, "min.compaction.lag.ms", "101"));
        Assert.Equal(ErrorCode.None, await ChangeAsync(broker, "min.compaction.lag.ms", "100"));
    }

    private static byte[] Old()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1_000_000, true, "k"u8, true, "v"u8, Headers.Empty);
        return builder.Finish(new RecordBatchOptions()).ToArray();
    }

    private static async Task<ErrorCode> ProduceAsync(TestBroker broker, string value) =>
        (await broker.ProduceAsync("t", 0, TestBroker.Batch(value))).ErrorCode;

    private static async Task<ErrorCode> DeleteAsync(TestBroker broker) => (await broker.SendAsync(new DeleteRecordsRequest
    {
        Topics = [new() { Name = "t", Partitions = [new() { Offset = 1 }] }],
    })).Topics[0].Partitions[0].ErrorCode;

    private static async Task SetAsync(TestBroker broker, string name, string value) =>
        Assert.Equal(ErrorCode.None, await ChangeAsync(broker, name, value));

    private static async Task<ErrorCode> ChangeAsync(TestBroker broker, string name, string value) =>
        (await broker.SendAsync(new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = "t", Configs = [new() { Name = name, Value = value }] }],
        })).Responses[0].ErrorCode;
}
