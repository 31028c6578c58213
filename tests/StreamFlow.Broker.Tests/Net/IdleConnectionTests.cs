using System.Net.Sockets;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Net;

public sealed class IdleConnectionTests
{
    [Fact]
    public async Task A_connection_without_requests_is_closed_and_one_whose_fetch_waits_is_not()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { ConnectionsMaxIdleMs = 1000 }, listen: true);
        await broker.CreateTopicAsync("t");
        using var idle = await RawClient.ConnectAsync(broker);
        using var halfway = await RawClient.ConnectAsync(broker);
        using var waiting = await RawClient.ConnectAsync(broker);
        await halfway.SendAsync(Convert.FromHexString("00000100" + "0003"));
        var fetch = new FetchRequest
        {
            MaxWaitMs = 5000,
            MinBytes = 1,
            Topics = [new() { Topic = "t", Partitions = [new() { PartitionMaxBytes = 100 }] }],
        };
        await waiting.SendAsync(fetch, 11, 1);
        Assert.Null(await idle.ReadAsync());
        Assert.Null(await halfway.ReadAsync());
        var answer = (FetchResponse)MessageFrame.ReadResponse(await waiting.ReadAsync(), ApiKey.Fetch, 11, out _);
        Assert.Equal(Core.Errors.ErrorCode.None, answer.ErrorCode);
        Assert.Null(await waiting.ReadAsync());
    }
}
