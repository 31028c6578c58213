using StreamFlow.Broker;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Tests.Integration;
using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Tests.Security;

/// <summary>What quotas do to a client, through the whole broker.</summary>
public sealed class ThrottlingTests
{
    [Fact]
    public async Task Mutations_beyond_the_quota_are_refused()
    {
        await using var broker = await StartAsync();
        await using var cluster = RemoteCluster.Open(
            $"{broker.EndPoints[0]}", new ClusterOptions { ApiTimeout = TimeSpan.FromMilliseconds(1) });
        await cluster.Admin.Security.SetQuotaAsync(new QuotaEntity(ClientId: ""), "controller_mutation_rate", 0.001);

        await cluster.Admin.CreateTopicsAsync([new NewTopic("first", 5, 1)]);
        var error = await Assert.ThrowsAsync<BrokerException>(() => cluster.Admin.CreateTopicsAsync([new NewTopic("second", 5, 1)]));

        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, error.ErrorCode);
        Assert.Equal(["first"], await cluster.Admin.ListTopicsAsync());
    }

    private static Task<BrokerServer> StartAsync() =>
        BrokerServer.StartAsync(new BrokerOptions { DataDirectory = BrokerOptions.Memory, Listeners = ["127.0.0.1:0"] });
}
