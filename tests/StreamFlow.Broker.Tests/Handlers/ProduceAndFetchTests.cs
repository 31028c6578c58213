using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Handlers;

public sealed class ProduceAndFetchTests
{
    [Fact]
    public async Task Records_come_back_as_they_were_produced()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");

        var first = await broker.ProduceAsync("t", 0, TestBroker.Batch("a", "b"));
        var second = await broker.ProduceAsync("t", 0, TestBroker.Batch("c"), acks: 1);

        Assert.Equal((ErrorCode.None, 0L), (first.ErrorCode, first.BaseOffset));
        Assert.Equal((ErrorCode.None, 2L), (second.ErrorCode, second.BaseOffset));
        var fetched = await broker.FetchAsync("t", 0, 0);
        Assert.Equal(["a", "b", "c"], TestBroker.Values(fetched));
        Assert.Equal(3, fetched.HighWatermark);
    }

    [Fact]
    public async Task Everything_survives_a_restart()
    {
        await using var first = await TestBroker.StartAsync();
        var id = await first.CreateTopicAsync("t", 2, ("retention.ms", "1000000"));
        await first.ProduceAsync("t", 1, TestBroker.Batch("a"));
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory);

        var metadata = await second.SendAsync(new MetadataRequest { Topics = null });
        var topic = Assert.Single(metadata.Topics);
        Assert.Equal(("t", id, 2), (topic.Name, topic.TopicId, topic.Partitions.Count));
        Assert.Equal(["a"], TestBroker.Values(await second.FetchAsync("t", 1, 0)));
    }

    [Fact]
    public async Task Parked_fetch_is_answered_by_the_next_append()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");

        var parked = broker.FetchAsync("t", 0, 0, maxWaitMs: 60_000);
        Assert.False(parked.IsCompleted);
        await broker.ProduceAsync("t", 0, TestBroker.Batch("late"));

        Assert.Equal(["late"], TestBroker.Values(await parked.WaitAsync(TimeSpan.FromSeconds(30))));
    }

    [Fact]
    public async Task Fetch_answers_empty_when_its_time_is_up()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");

        var fetched = await broker.FetchAsync("t", 0, 0, maxWaitMs: 20).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(ErrorCode.None, fetched.ErrorCode);
        Assert.Empty(TestBroker.Values(fetched));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public async Task Offset_outside_the_log_is_refused(long offset)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, TestBroker.Batch("a"));

        Assert.Equal(ErrorCode.OffsetOutOfRange, (await broker.FetchAsync("t", 0, offset)).ErrorCode);
    }

    [Fact]
    public async Task Refusals_name_their_reason()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 1, ("max.message.bytes", "200"));
        var damaged = TestBroker.Batch("a");
        damaged[^1] ^= 1;

        Assert.Equal(ErrorCode.CorruptMessage, (await broker.ProduceAsync("t", 0, damaged)).ErrorCode);
        Assert.Equal(ErrorCode.MessageTooLarge, (await broker.ProduceAsync("t", 0, TestBroker.Batch(new string('x', 300)))).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await broker.ProduceAsync("t", 7, TestBroker.Batch("a"))).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequiredAcks, (await broker.ProduceAsync("t", 0, TestBroker.Batch("a"), acks: 2)).ErrorCode);
        Assert.Equal(
            ErrorCode.InvalidRecord, (await broker.ProduceAsync("t", 0, [.. TestBroker.Batch("a"), .. TestBroker.Batch("b")])).ErrorCode);
    }

    [Fact]
    public async Task Batch_sent_twice_is_appended_once()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var options = new RecordBatchOptions { ProducerId = 7, ProducerEpoch = 0, BaseSequence = 0 };

        var first = await broker.ProduceAsync("t", 0, TestBroker.Batch(options, "a", "b"));
        var again = await broker.ProduceAsync("t", 0, TestBroker.Batch(options, "a", "b"));
        var gap = await broker.ProduceAsync("t", 0, TestBroker.Batch(options with { BaseSequence = 5 }, "x"));

        Assert.Equal(first.BaseOffset, again.BaseOffset);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, gap.ErrorCode);
        Assert.Equal(["a", "b"], TestBroker.Values(await broker.FetchAsync("t", 0, 0)));
    }

    [Fact]
    public async Task Metadata_creates_a_topic_that_is_asked_for()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { NumPartitions = 3 });

        var refused = await broker.SendAsync(new MetadataRequest { Topics = [new() { Name = "new" }], AllowAutoTopicCreation = false });
        var created = await broker.SendAsync(new MetadataRequest { Topics = [new() { Name = "new" }] });
        var invalid = await broker.SendAsync(new MetadataRequest { Topics = [new() { Name = "no/good" }] });

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, refused.Topics[0].ErrorCode);
        Assert.Equal((ErrorCode.None, 3), (created.Topics[0].ErrorCode, created.Topics[0].Partitions.Count));
        Assert.Equal(ErrorCode.InvalidTopicException, invalid.Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Offsets_are_listed_by_their_ends_and_by_time()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, TestBroker.Batch("a", "b"));

        async Task<long> Find(long timestamp)
        {
            var response = await broker.SendAsync(new ListOffsetsRequest
            {
                ReplicaId = -1,
                Topics = [new() { Name = "t", Partitions = [new() { Timestamp = timestamp }] }],
            });
            Assert.Equal(ErrorCode.None, response.Topics[0].Partitions[0].ErrorCode);
            return response.Topics[0].Partitions[0].Offset;
        }

        Assert.Equal(2, await Find(-1));
        Assert.Equal(0, await Find(-2));
        Assert.Equal(0, await Find(-3));
        Assert.Equal(0, await Find(1_600_000_000_000));
        Assert.Equal(-1, await Find(4_000_000_000_000));
    }
}
