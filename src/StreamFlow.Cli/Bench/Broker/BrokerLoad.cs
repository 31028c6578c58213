using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>What is asked of a broker in one run.</summary>
/// <param name="Kind">What is done with the records.</param>
/// <param name="Records">How many are written, or read by each consumer.</param>
/// <param name="Size">Bytes of each value.</param>
/// <param name="Partitions">Over how many partitions they are spread.</param>
/// <param name="BatchSize">Bytes of a producer's batch at most.</param>
/// <param name="Acks">What a producer waits for.</param>
/// <param name="Warmup">Records to go over before, in runs that do not count.</param>
/// <param name="Consumers">Consumers that each read everything.</param>
/// <param name="Rate">Records a second that are written while they are read at the end.</param>
internal sealed record BrokerLoad(
    BrokerLoadKind Kind, int Records, int Size, int Partitions, int BatchSize, Acks Acks, int Warmup, int Consumers, int Rate)
{
    public string Name => Kind == BrokerLoadKind.Produce ? "broker.produce" : "broker.fetch";

    /// <summary>Records that count: each as often as it is read, or once when it is only written.</summary>
    public long Counted => Kind == BrokerLoadKind.Produce ? Records : (long)Records * Consumers;
}
