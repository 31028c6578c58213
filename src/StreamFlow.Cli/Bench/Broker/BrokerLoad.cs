using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>What is asked of a broker in one run.</summary>
/// <param name="IsFetch">Whether records are read; else they are written.</param>
/// <param name="Records">How many.</param>
/// <param name="Size">Bytes of each value.</param>
/// <param name="BatchSize">Bytes of a producer's batch at most.</param>
/// <param name="Acks">What a producer waits for.</param>
/// <param name="Warmup">Records to go over before, in runs that do not count.</param>
internal sealed record BrokerLoad(bool IsFetch, int Records, int Size, int BatchSize, Acks Acks, int Warmup)
{
    public string Name => IsFetch ? "broker.fetch" : "broker.produce";
}
