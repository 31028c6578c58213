namespace StreamFlow.Cli.Bench.Broker.Transactions;

/// <summary>Transactions one after another, by each of several producers.</summary>
/// <param name="Records">Records of each transaction.</param>
/// <param name="Size">Bytes of each value.</param>
/// <param name="Producers">Producers at the same time.</param>
/// <param name="Partitions">Partitions of the topic that each transaction goes over, one record after another.</param>
/// <param name="Seconds">How long a run takes.</param>
internal sealed record TransactionLoad(int Records, int Size, int Producers, int Partitions, int Seconds);
