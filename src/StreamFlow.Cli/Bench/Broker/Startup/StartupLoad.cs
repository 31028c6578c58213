namespace StreamFlow.Cli.Bench.Broker.Startup;

/// <summary>What a broker has when it is started.</summary>
/// <param name="Partitions">Partitions, empty ones; 0 for none.</param>
/// <param name="LogBytes">Bytes of records in one partition, the broker killed right behind the last of them; 0 for none.</param>
internal sealed record StartupLoad(int Partitions, long LogBytes);
