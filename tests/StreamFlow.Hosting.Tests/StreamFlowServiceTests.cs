using System.Reactive.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StreamFlow.Client;
using StreamFlow.Core.Serialization;
using StreamFlow.Hosting.Observing;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting.Tests;

public sealed class StreamFlowServiceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Topologies_run_from_the_start_of_the_host_to_its_end()
    {
        await using var test = await TestHost.CreateAsync("a", "b", "c");
        test.Services.AddSingleton(new Suffix("!"));
        test.Services.AddStreamFlow(test.ClusterName)
            .AddTopology("first", s => s.Stream<string, string>("a").MapValues(v => v + v).To("b"), test.Fast)
            .AddTopology("second", (services, s) =>
            {
                var suffix = services.GetRequiredService<Suffix>();
                s.Stream<string, string>("b").MapValues(v => v + suffix.Text).To("c");
            }, test.Fast);
        await test.StartAsync();
        var results = test.Cluster.ObserveTable("c", Serdes.String, Serdes.String).Take(3).Select(u => u.Value).ToArray().Timeout(Patience)
            .GetAwaiter();

        await test.SendAsync("a", "x", "y", "z");

        Assert.Equal(["xx!", "yy!", "zz!"], (await results).Order());
        await test.Host.StopAsync();
        Assert.All(test.Applications.All.Values, a => Assert.Equal(ApplicationState.NotRunning, a.State));
    }

    [Fact]
    public async Task Cluster_is_there_for_other_services_of_the_host_while_it_runs()
    {
        await using var test = await TestHost.CreateAsync("a");
        test.Services.AddStreamFlow(test.ClusterName);
        await test.StartAsync();
        var cluster = test.Host.Services.GetRequiredService<ICluster>();
        Assert.Contains("a", await cluster.Admin.ListTopicsAsync());

        await test.Host.StopAsync();

        Assert.Throws<InvalidOperationException>(() => cluster.Admin);
    }

    [Fact]
    public async Task Host_does_not_start_when_a_topic_is_missing()
    {
        await using var test = await TestHost.CreateAsync();
        test.Services.AddStreamFlow(test.ClusterName)
            .AddTopology("broken", s => s.Stream<string, string>("nowhere").To("b"), test.Fast);

        var error = await Assert.ThrowsAnyAsync<StreamsException>(test.StartAsync);

        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_topology_stops_the_host_when_asked_to()
    {
        await using var test = await TestHost.CreateAsync("a", "b");
        test.Services.AddStreamFlow(test.ClusterName, o => o with { StopHostOnFailure = true })
            .AddTopology("poisoned", s => s.Stream<string, string>("a").MapValues<string>(_ => throw new FormatException("bad")).To("b"), test.Fast);
        await test.StartAsync();
        var stopped = new TaskCompletionSource();
        test.Host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);

        await test.SendAsync("a", "x");

        await stopped.Task.WaitAsync(Patience);
        Assert.Equal(ApplicationState.Error, test.Applications["poisoned"].State);
    }

    [Fact]
    public async Task Second_topology_of_a_name_is_refused()
    {
        await using var test = await TestHost.CreateAsync();
        var streams = test.Services.AddStreamFlow(test.ClusterName).AddTopology("same", s => s.Stream<string, string>("a").To("b"));

        var error = Assert.Throws<ArgumentException>(() => streams.AddTopology("same", s => s.Stream<string, string>("b").To("c")));

        Assert.Contains("'same'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Second_cluster_is_refused_and_the_same_one_is_not()
    {
        var services = new ServiceCollection();
        services.AddStreamFlow("memory:one");

        services.AddStreamFlow("memory:one");
        Assert.Throws<InvalidOperationException>(() => services.AddStreamFlow("memory:two"));
    }

    private sealed record Suffix(string Text);
}
