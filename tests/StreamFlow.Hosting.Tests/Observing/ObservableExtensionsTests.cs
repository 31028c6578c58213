using System.Reactive.Linq;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Hosting.Observing;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting.Tests.Observing;

public sealed class ObservableExtensionsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Table_gives_its_rows_then_updates_and_deletions_in_order()
    {
        await using var test = await TestHost.CreateAsync("t");
        await test.SendAsync("t", "a");
        var seen = test.Cluster.ObserveTable("t", Serdes.String, Serdes.String).Take(3).ToArray().Timeout(Patience).GetAwaiter();

        await using var producer = test.Cluster.CreateProducer(ProducerOptions.Default);
        await producer.SendAsync("t", "a", "b", Serdes.String, Serdes.String);
        await producer.SendAsync("t", "a", (string?)null, Serdes.String, Serdes.String);

        Assert.Equal([("a", "a", false), ("a", "b", false), ("a", null, true)], (await seen).Select(u => (u.Key, u.Value, u.IsDeleted)));
    }

    [Fact]
    public async Task Table_fails_when_the_topic_does_not_exist()
    {
        await using var test = await TestHost.CreateAsync();

        await Assert.ThrowsAnyAsync<Core.Errors.StreamFlowException>(
            async () => await test.Cluster.ObserveTable("nowhere", Serdes.String, Serdes.String).Timeout(Patience));
    }

    [Fact]
    public async Task States_end_with_the_application()
    {
        await using var test = await TestHost.CreateAsync("a", "b");
        test.Services.AddStreamFlow(test.ClusterName).AddTopology("copy", s => s.Stream<string, string>("a").To("b"), test.Fast);
        await test.StartAsync();
        var application = test.Applications["copy"];
        await application.WaitUntilRunningAsync();
        var states = application.ObserveState().Select(c => c.Current).ToArray().Timeout(Patience).GetAwaiter();

        await test.Host.StopAsync();

        Assert.Equal([ApplicationState.PendingShutdown, ApplicationState.NotRunning], await states);
    }
}
