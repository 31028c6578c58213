using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Fetching;

/// <summary>Incremental fetches (KIP-227), as a client sees them.</summary>
public sealed class FetchSessionTests
{
    private const short ByName = 12;
    private const short ById = 18;

    [Fact]
    public async Task Only_what_has_changed_is_told_again()
    {
        await using var broker = await StartAsync();
        var first = await FetchAsync(broker, 0, 0, [("a", 0, 0), ("a", 1, 0), ("b", 0, 0)]);
        Assert.NotEqual(0, first.SessionId);
        Assert.Equal(["a-0", "a-1", "b-0"], Told(first));

        Assert.Empty(Told(await FetchAsync(broker, first.SessionId, 1, [])));

        await broker.ProduceAsync("a", 1, TestBroker.Batch("x"));
        var grown = await FetchAsync(broker, first.SessionId, 2, []);
        Assert.Equal(first.SessionId, grown.SessionId);
        Assert.Equal(["a-1"], Told(grown));
        Assert.Equal(["x"], TestBroker.Values(grown.Responses[0].Partitions[0]));

        // The client has read it, and says so.
        Assert.Empty(Told(await FetchAsync(broker, first.SessionId, 3, [("a", 1, 1)])));
    }

    [Fact]
    public async Task Higher_watermark_and_start_are_told_without_records()
    {
        await using var broker = await StartAsync();
        await broker.ProduceAsync("a", 0, TestBroker.Batch("x", "y"));
        var first = await FetchAsync(broker, 0, 0, [("a", 0, 2)]);
        await broker.SendAsync(new DeleteRecordsRequest
        {
            Topics = [new() { Name = "a", Partitions = [new() { PartitionIndex = 0, Offset = 1 }] }],
        });

        var raised = await FetchAsync(broker, first.SessionId, 1, []);

        Assert.Equal(1, raised.Responses[0].Partitions[0].LogStartOffset);
        Assert.Empty(Told(await FetchAsync(broker, first.SessionId, 2, [])));
    }

    [Fact]
    public async Task Partition_that_gave_records_comes_last_the_next_time()
    {
        await using var broker = await StartAsync();
        await broker.ProduceAsync("a", 0, TestBroker.Batch("x"));
        await broker.ProduceAsync("b", 0, TestBroker.Batch("y"));

        // A limit of one byte lets one batch through, of whoever is first.
        var first = await FetchAsync(broker, 0, 0, [("a", 0, 0), ("b", 0, 0)], maxBytes: 1);
        Assert.Equal(["a"], WithRecords(first));
        Assert.Equal(["b"], WithRecords(await FetchAsync(broker, first.SessionId, 1, [], maxBytes: 1)));
        Assert.Equal(["a"], WithRecords(await FetchAsync(broker, first.SessionId, 2, [], maxBytes: 1)));
    }

    [Fact]
    public async Task Forgotten_partitions_are_not_read_and_the_last_one_ends_the_session()
    {
        await using var broker = await StartAsync();
        var first = await FetchAsync(broker, 0, 0, [("a", 0, 0), ("b", 0, 0)]);
        await broker.ProduceAsync("a", 0, TestBroker.Batch("x"));

        var forgetful = await FetchAsync(broker, first.SessionId, 1, [], forget: [("a", 0)]);
        Assert.Empty(Told(forgetful));

        var empty = await FetchAsync(broker, first.SessionId, 2, [], forget: [("b", 0)]);
        Assert.Equal((ErrorCode.None, 0), (empty.ErrorCode, empty.SessionId));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await FetchAsync(broker, first.SessionId, 3, [])).ErrorCode);
    }

    [Fact]
    public async Task Error_is_told_until_it_has_ended_and_then_the_partition_again()
    {
        await using var broker = await StartAsync();
        var first = await FetchAsync(broker, 0, 0, [("later", 0, 0)]);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, first.Responses[0].Partitions[0].ErrorCode);
        var second = await FetchAsync(broker, first.SessionId, 1, []);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, second.Responses[0].Partitions[0].ErrorCode);

        await broker.CreateTopicAsync("later");

        var third = await FetchAsync(broker, first.SessionId, 2, []);
        Assert.Equal((ErrorCode.None, 0L), (third.Responses[0].Partitions[0].ErrorCode, third.Responses[0].Partitions[0].HighWatermark));
        Assert.Empty(Told(await FetchAsync(broker, first.SessionId, 3, [])));
    }

    [Fact]
    public async Task Wrong_numbers_are_refused_as_Kafka_does()
    {
        await using var broker = await StartAsync();
        var first = await FetchAsync(broker, 0, 0, [("a", 0, 0)]);

        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (await FetchAsync(broker, first.SessionId, 2, [])).ErrorCode);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await FetchAsync(broker, first.SessionId ^ 1, 1, [])).ErrorCode);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await FetchAsync(broker, 0, 1, [])).ErrorCode);
        Assert.Equal(ErrorCode.FetchSessionTopicIdError, (await FetchAsync(broker, first.SessionId, 1, [], version: ById)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await FetchAsync(broker, first.SessionId, 1, [])).ErrorCode);
    }

    [Fact]
    public async Task Full_request_ends_the_session_it_names()
    {
        await using var broker = await StartAsync();
        var first = await FetchAsync(broker, 0, 0, [("a", 0, 0)]);
        var second = await FetchAsync(broker, first.SessionId, 0, [("a", 0, 0)]);
        Assert.Equal(["a-0"], Told(second));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await FetchAsync(broker, first.SessionId, 1, [])).ErrorCode);

        Assert.Equal(0, (await FetchAsync(broker, second.SessionId, -1, [("a", 0, 0)])).SessionId);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await FetchAsync(broker, second.SessionId, 1, [])).ErrorCode);
    }

    [Fact]
    public async Task Client_without_room_goes_on_without_a_session()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { FetchSessionCacheSlots = 1 });
        await broker.CreateTopicAsync("a");
        var first = await FetchAsync(broker, 0, 0, [("a", 0, 0)]);
        var second = await FetchAsync(broker, 0, 0, [("a", 0, 0)]);

        Assert.NotEqual(0, first.SessionId);
        Assert.Equal(0, second.SessionId);
        Assert.Equal(["a-0"], Told(second));
    }

    [Fact]
    public async Task Session_goes_by_topic_ids()
    {
        await using var broker = await TestBroker.StartAsync();
        var id = await broker.CreateTopicAsync("a");
        var first = await FetchByIdAsync(broker, 0, 0, id);
        await broker.ProduceAsync("a", 0, TestBroker.Batch("x"));

        var second = await FetchByIdAsync(broker, first.SessionId, 1, null);
        Assert.Equal(id, second.Responses[0].TopicId);
        Assert.Equal(["x"], TestBroker.Values(second.Responses[0].Partitions[0]));

        // A new topic of the old name is another topic.
        await broker.SendAsync(new DeleteTopicsRequest { Topics = [new() { Name = "a" }] });
        await broker.CreateTopicAsync("a");
        var third = await FetchByIdAsync(broker, first.SessionId, 2, null);
        Assert.Equal(ErrorCode.UnknownTopicId, third.Responses[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.FetchSessionTopicIdError, (await FetchAsync(broker, first.SessionId, 3, [])).ErrorCode);
    }

    [Fact]
    public async Task Parked_fetch_of_a_session_wakes_with_the_partition_that_grew()
    {
        await using var broker = await StartAsync();
        var first = await FetchAsync(broker, 0, 0, [("a", 0, 0), ("a", 1, 0), ("b", 0, 0)]);
        var parked = FetchAsync(broker, first.SessionId, 1, [], maxWaitMs: 60_000);
        Assert.False(parked.IsCompleted);

        // Whoever uses the session while it is in use has lost count.
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (await FetchAsync(broker, first.SessionId, 2, [])).ErrorCode);
        await broker.ProduceAsync("b", 0, TestBroker.Batch("x"));

        Assert.Equal(["b-0"], Told(await parked.WaitAsync(TimeSpan.FromSeconds(60))));
    }

    private static async Task<TestBroker> StartAsync()
    {
        var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("a", 2);
        await broker.CreateTopicAsync("b");
        return broker;
    }

    private static string[] Told(FetchResponse response)
    {
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return [.. response.Responses.SelectMany(t => t.Partitions.Select(p => $"{t.Topic}-{p.PartitionIndex}"))];
    }

    private static string[] WithRecords(FetchResponse response) =>
        [.. response.Responses.Where(t => t.Partitions.Exists(p => p.Records is { Length: > 0 })).Select(t => t.Topic)];

    private static Task<FetchResponse> FetchAsync(
        TestBroker broker,
        int session,
        int epoch,
        (string Topic, int Partition, long Offset)[] changed,
        (string Topic, int Partition)[]? forget = null,
        int maxBytes = 1 << 20,
        int maxWaitMs = 0,
        short version = ByName) => broker.SendAsync(
            new FetchRequest
            {
                SessionId = session,
                SessionEpoch = epoch,
                MinBytes = 1,
                MaxBytes = maxBytes,
                MaxWaitMs = maxWaitMs,
                Topics = [.. changed.Select(c => new FetchRequest.FetchTopic
                {
                    Topic = c.Topic,
                    Partitions = [new() { Partition = c.Partition, FetchOffset = c.Offset, PartitionMaxBytes = maxBytes }],
                })],
                ForgottenTopicsData = [.. (forget ?? []).Select(f => new FetchRequest.ForgottenTopic
                {
                    Topic = f.Topic,
                    Partitions = [f.Partition],
                })],
            },
            version);

    private static Task<FetchResponse> FetchByIdAsync(TestBroker broker, int session, int epoch, Guid? topic) => broker.SendAsync(
        new FetchRequest
        {
            SessionId = session,
            SessionEpoch = epoch,
            MinBytes = 1,
            Topics = topic is { } id
                ? [new() { TopicId = id, Partitions = [new() { FetchOffset = 0, PartitionMaxBytes = 1 << 20 }] }]
                : [],
        },
        ById);
}
