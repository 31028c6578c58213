namespace StreamFlow.Cli.Bench.Broker.Memory;

/// <summary>What a broker has to hold.</summary>
/// <param name="Partitions">Partitions.</param>
/// <param name="Connections">Connections that have asked once and are idle.</param>
internal sealed record MemoryLoad(int Partitions, int Connections);
