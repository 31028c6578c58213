using System.Reactive.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StreamFlow.Core.Serialization;
using StreamFlow.Hosting.Health;
using StreamFlow.Hosting.Observing;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Hosting.Tests;

/// <summary>The README's program, and that the README has it as it stands here.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Word_count_of_the_readme_counts()
    {
        await using var test = await TestHost.CreateAsync("lines", "word-counts");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddStreamFlow(test.ClusterName)
            .AddTopology(
                "word-count",
                streams => streams.Stream<string, string>("lines")
                    .FlatMapValues(line => line.Split(' '))
                    .GroupBy((_, word) => word)
                    .Count(Materialized<string, long>.As("counts"))
                    .ToStream()
                    .To("word-counts"),
                options => test.Fast(options));
        builder.Services.AddHealthChecks().AddStreamFlow();
        using var host = builder.Build();
        await host.StartAsync();
        var two = test.Cluster.ObserveTable("word-counts", Serdes.String, Serdes.Int64).FirstAsync(u => u.Value == 2)
            .Timeout(TimeSpan.FromSeconds(60)).GetAwaiter();

        await test.SendAsync("lines", "to be or not to");

        Assert.Equal("to", (await two).Key);
        await host.StopAsync();
    }

    [Fact]
    public void Readme_shows_the_topology_that_is_tested()
    {
        var root = Documentation.GeneratedPage.Root;
        var tested = File.ReadAllLines(Path.Combine(root, "tests/StreamFlow.Hosting.Tests/ReadmeTests.cs")).Select(l => l.Trim())
            .SkipWhile(l => l != ".AddTopology(").TakeWhile(l => !l.StartsWith("options =>", StringComparison.Ordinal)).ToArray();
        var shown = File.ReadAllLines(Path.Combine(root, "src/StreamFlow.Hosting/README.md")).Select(l => l.Trim());

        Assert.NotEmpty(tested);
        Assert.Empty(tested.Except(shown));
    }
}
