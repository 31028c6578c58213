using System.Globalization;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Broker;
using StreamFlow.Client;

namespace StreamFlow.Cli.Bench.Latency;

/// <summary>Open loops against one broker, which warms up as long as the plan says; each run warms up its own topic a little.</summary>
/// <param name="broker">The broker.</param>
/// <param name="plan">What is offered.</param>
internal sealed class LatencyRuns(BrokerUnderTest broker, LatencyPlan plan) : IBrokerRuns
{
    private const int WarmupSeconds = 1;

    private readonly ICluster _cluster = RemoteCluster.Open(broker.Address);
    private int _number;

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await broker.StartAsync(cancellation);
        if (plan.Warmup > 0)
        {
            await OfferAsync(plan with { Records = plan.Warmup, Warmup = 0 }, cancellation);
        }
    }

    public Task<JsonObject> RunAsync(CancellationToken cancellation) =>
        OfferAsync(plan with { Warmup = plan.Rate * WarmupSeconds }, cancellation);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task<JsonObject> OfferAsync(LatencyPlan offered, CancellationToken cancellation)
    {
        var run = new LatencyRun(_cluster, string.Create(CultureInfo.InvariantCulture, $"bench-latency-{_number++}"), offered);
        await run.RunAsync(cancellation);
        return run.ToJson();
    }
}
