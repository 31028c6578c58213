using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Groups;

public sealed class MembersAfterRestartTests
{
    [Fact]
    public async Task Members_of_an_embedded_broker_are_gone_with_its_process_and_nobody_waits_for_them()
    {
        await using var first = await TestBroker.StartAsync();
        await JoinAsync(first);
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory);

        Assert.Equal(1, await JoinAsync(second));
    }

    [Fact]
    public async Task Members_of_a_broker_that_listens_may_come_back()
    {
        await using var first = await TestBroker.StartAsync(listen: true);
        await JoinAsync(first);
        await first.Server.DisposeAsync();

        await using var second = await TestBroker.StartAsync(directory: first.Directory, listen: true);

        var described = await second.SendAsync(new DescribeGroupsRequest { Groups = ["g"] });
        Assert.Single(described.Groups[0].Members);
    }

    /// <summary>Joins with a session of a minute and answers how many members the group has.</summary>
    private static async Task<int> JoinAsync(TestBroker broker)
    {
        var joined = await broker.SendAsync(
            new JoinGroupRequest
            {
                GroupId = "g",
                SessionTimeoutMs = 60_000,
                RebalanceTimeoutMs = 60_000,
                ProtocolType = "consumer",
                Protocols = [new() { Name = "range", Metadata = new byte[] { 1 } }],
            },
            3).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        var synced = await broker.SendAsync(
            new SyncGroupRequest
            {
                GroupId = "g",
                GenerationId = joined.GenerationId,
                MemberId = joined.MemberId,
                Assignments = [new() { MemberId = joined.MemberId, Assignment = new byte[] { 1 } }],
            },
            3);
        Assert.Equal(ErrorCode.None, synced.ErrorCode);
        return joined.Members.Count;
    }
}
