using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Latency;

/// <summary>What is offered in an open loop.</summary>
/// <param name="Rate">Records per second.</param>
/// <param name="Records">Records that count.</param>
/// <param name="Warmup">Records before them that do not.</param>
/// <param name="Size">Bytes of each value, at least 8.</param>
/// <param name="Acks">What the producer waits for.</param>
internal sealed record LatencyPlan(int Rate, int Records, int Warmup, int Size, Acks Acks);
