using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Security;

/// <summary>What a client over TCP is told when it goes beyond its quota.</summary>
public sealed class QuotaConnectionTests
{
    [Fact]
    public async Task Producer_is_told_how_long_it_is_muted()
    {
        await using var broker = await StartAsync("producer_byte_rate", 10_000);
        using var client = await RawClient.ConnectAsync(broker);

        Assert.Equal(0, (await RawClient.AskAsync(client, Produce(50_000), 9))!.ThrottleTimeMs);

        // 102,000 bytes or so in ten seconds where 100,000 are allowed.
        var muted = (await RawClient.AskAsync(client, Produce(52_000), 9))!;
        Assert.Equal(ErrorCode.None, muted.Responses[0].PartitionResponses[0].ErrorCode);
        Assert.InRange(muted.ThrottleTimeMs, 1, 1000);

        Assert.NotEmpty((await RawClient.AskAsync(client, new MetadataRequest { Topics = null }, 9))!.Brokers);
    }

    [Fact]
    public async Task Consumer_is_told_how_long_it_is_muted()
    {
        await using var broker = await StartAsync("consumer_byte_rate", 1000);
        await broker.ProduceAsync("t", 0, TestBroker.Batch(new string('v', 10_500)));
        using var client = await RawClient.ConnectAsync(broker);
        var fetch = new FetchRequest
        {
            MaxBytes = 1 << 20,
            Topics = [new() { Topic = "t", Partitions = [new() { PartitionMaxBytes = 1 << 20 }] }],
        };

        Assert.InRange((await RawClient.AskAsync(client, fetch, 11))!.ThrottleTimeMs, 1, 1000);
    }

    private static async Task<TestBroker> StartAsync(string quota, double value)
    {
        var broker = await TestBroker.StartAsync(listen: true);
        await broker.CreateTopicAsync("t");
        var response = await broker.SendAsync(new AlterClientQuotasRequest
        {
            Entries = [new() { Entity = [new() { EntityType = "client-id", EntityName = "c" }], Ops = [new() { Key = quota, Value = value }] }],
        });
        Assert.Equal(ErrorCode.None, response.Entries[0].ErrorCode);
        return broker;
    }

    private static ProduceRequest Produce(int size) => new()
    {
        Acks = 1,
        TopicData = [new() { Name = "t", PartitionData = [new() { Records = TestBroker.Batch(new string('v', size)) }] }],
    };
}
