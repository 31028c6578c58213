using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Net;

public sealed class RawConnectionTests
{
    [Theory]
    [InlineData("474554202f20485454502f312e310d0a0d0a", "HTTP")]
    [InlineData("ffffffff", "a negative size")]
    [InlineData("7fffffff", "a size beyond the limit")]
    [InlineData("00000002 0012", "a header that ends early")]
    [InlineData("0000000a 7fff 0000 00000001 ffff", "an unknown API")]
    [InlineData("0000000a 0003 7fff 00000001 ffff", "an unknown version")]
    [InlineData("0000000e 0003 0001 00000001 ffff 7fffffff", "an array longer than its frame")]
    public async Task Malformed_frame_closes_its_connection_and_no_other(string hex, string what)
    {
        await using var broker = await TestBroker.StartAsync(listen: true);
        using var other = await RawClient.ConnectAsync(broker);
        using var client = await RawClient.ConnectAsync(broker);

        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "")));

        Assert.True(await client.ReadAsync() is null, $"{what} was answered");
        Assert.NotEmpty((await AskVersionsAsync(other, 3)).ApiKeys);
    }

    [Fact]
    public async Task Frame_that_ends_with_the_connection_is_forgotten()
    {
        await using var broker = await TestBroker.StartAsync(listen: true);
        using (var client = await RawClient.ConnectAsync(broker))
        {
            await client.SendAsync(Convert.FromHexString("00000100" + "0003"));
        }

        using var other = await RawClient.ConnectAsync(broker);
        Assert.NotEmpty((await AskVersionsAsync(other, 3)).ApiKeys);
    }

    [Fact]
    public async Task Unknown_version_of_ApiVersions_is_answered_in_version_0()
    {
        await using var broker = await TestBroker.StartAsync(listen: true);
        using var client = await RawClient.ConnectAsync(broker);

        await client.SendAsync(Convert.FromHexString("0000000b 0012 0063 00000007 ffff 00".Replace(" ", "")));
        var response = (ApiVersionsResponse)MessageFrame.ReadResponse(await client.ReadAsync(), ApiKey.ApiVersions, 0, out var correlationId);

        Assert.Equal((7, ErrorCode.UnsupportedVersion), (correlationId, response.ErrorCode));
        Assert.Equal((short)ApiKey.ApiVersions, Assert.Single(response.ApiKeys).ApiKey);
        Assert.Equal(ErrorCode.None, (await AskVersionsAsync(client, 3)).ErrorCode);
    }

    [Fact]
    public async Task Requests_of_one_connection_are_answered_in_order()
    {
        await using var broker = await TestBroker.StartAsync(listen: true);
        await broker.CreateTopicAsync("t");
        using var client = await RawClient.ConnectAsync(broker);
        using var frames = new FrameBuffer();
        for (var i = 0; i < 20; i++)
        {
            var acks = (short)(i % 2 == 0 ? -1 : 1);
            MessageFrame.WriteRequest(frames, Produce(acks, $"{i}"), 9, i, "c");
        }

        MessageFrame.WriteRequest(frames, new MetadataRequest { Topics = null }, 9, 20, "c");
        await client.SendAsync(frames.ToArray());

        for (var i = 0; i < 20; i++)
        {
            var response = (ProduceResponse)MessageFrame.ReadResponse(await client.ReadAsync(), ApiKey.Produce, 9, out var correlationId);
            Assert.Equal((i, (long)i), (correlationId, response.Responses[0].PartitionResponses[0].BaseOffset));
        }

        MessageFrame.ReadResponse(await client.ReadAsync(), ApiKey.Metadata, 9, out var last);
        Assert.Equal(20, last);
    }

    [Fact]
    public async Task Produce_without_acks_has_no_answer_and_an_error_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync(listen: true);
        await broker.CreateTopicAsync("t");
        using var client = await RawClient.ConnectAsync(broker);
        using var frames = new FrameBuffer();
        MessageFrame.WriteRequest(frames, Produce(0, "a"), 9, 1, "c");
        MessageFrame.WriteRequest(frames, new MetadataRequest { Topics = null }, 9, 2, "c");
        await client.SendAsync(frames.ToArray());

        MessageFrame.ReadResponse(await client.ReadAsync(), ApiKey.Metadata, 9, out var correlationId);
        Assert.Equal(2, correlationId);
        Assert.Equal(1, (await broker.FetchAsync("t", 0, 0)).HighWatermark);

        frames.Clear();
        var refused = Produce(0, "a");
        refused.TopicData[0].Name = "unknown";
        MessageFrame.WriteRequest(frames, refused, 9, 3, "c");
        await client.SendAsync(frames.ToArray());
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task Stopping_lets_parked_fetches_go()
    {
        var broker = await TestBroker.StartAsync(listen: true);
        await broker.CreateTopicAsync("t");
        using var client = await RawClient.ConnectAsync(broker);
        using var frames = new FrameBuffer();
        var fetch = new FetchRequest
        {
            MaxWaitMs = 600_000,
            MinBytes = 1,
            Topics = [new() { Topic = "t", Partitions = [new() { PartitionMaxBytes = 100 }] }],
        };
        MessageFrame.WriteRequest(frames, fetch, 11, 1, "c");
        await client.SendAsync(frames.ToArray());

        await broker.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static ProduceRequest Produce(short acks, string value) => new()
    {
        Acks = acks,
        TimeoutMs = 1000,
        TopicData = [new() { Name = "t", PartitionData = [new() { Records = TestBroker.Batch(value) }] }],
    };

    private static async Task<ApiVersionsResponse> AskVersionsAsync(RawClient client, short version)
    {
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(
            frame, new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1" }, version, 1, "c");
        await client.SendAsync(frame.ToArray());
        return (ApiVersionsResponse)MessageFrame.ReadResponse(await client.ReadAsync(), ApiKey.ApiVersions, version, out _);
    }
}
