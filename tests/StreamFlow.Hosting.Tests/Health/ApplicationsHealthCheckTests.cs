using System.Reactive.Linq;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting.Tests.Health;

public sealed class ApplicationsHealthCheckTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Healthy_when_all_topologies_run()
    {
        await using var test = await TestHost.CreateAsync("a", "b");
        test.Services.AddStreamFlow(test.ClusterName).AddTopology("copy", s => s.Stream<string, string>("a").To("b"), test.Fast);
        await test.StartAsync();
        await test.Applications.Statuses.FirstAsync(s => s.State == ApplicationState.Running).Timeout(Patience);

        var health = await test.HealthAsync();

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal("copy: Running", health.Description);
        Assert.Equal("Running", health.Data["copy.state"]);
    }

    [Fact]
    public async Task Unhealthy_with_the_reason_when_a_topology_failed_and_the_other_goes_on()
    {
        await using var test = await TestHost.CreateAsync("a", "b", "c");
        test.Services.AddStreamFlow(test.ClusterName)
            .AddTopology("good", s => s.Stream<string, string>("b").To("c"), test.Fast)
            .AddTopology("poisoned", s => s.Stream<string, string>("a").MapValues<string>(_ => throw new FormatException("no number")).To("b"),
                test.Fast);
        await test.StartAsync();
        await test.SendAsync("a", "x");
        await test.Applications.Statuses.FirstAsync(s => s is { Name: "poisoned", State: ApplicationState.Error }).Timeout(Patience);

        var health = await test.HealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains("poisoned: Error", health.Description, StringComparison.Ordinal);
        Assert.Contains("no number", health.Description, StringComparison.Ordinal);
        Assert.NotNull(health.Exception);
        Assert.NotEqual(ApplicationState.Error, test.Applications["good"].State);
    }

    [Fact]
    public async Task Degraded_before_the_host_has_started_and_unhealthy_when_a_topology_has_ended()
    {
        await using var test = await TestHost.CreateAsync("a", "b");
        test.Services.AddStreamFlow(test.ClusterName).AddTopology("copy", s => s.Stream<string, string>("a").To("b"), test.Fast);
        test.Build();
        Assert.Equal(HealthStatus.Degraded, (await test.HealthAsync()).Status);

        await test.Host.StartAsync();
        await test.Applications["copy"].StopAsync();

        Assert.Equal(HealthStatus.Unhealthy, (await test.HealthAsync()).Status);
    }
}
