namespace StreamFlow.Cli.Bench.Broker;

/// <summary>What a broker's CPU time is spent on in a run.</summary>
internal enum BrokerLoadKind
{
    /// <summary>Records are written as fast as they go.</summary>
    Produce,

    /// <summary>Records that are there are read from the first one on.</summary>
    FetchFromStart,

    /// <summary>Records are read by several consumers as they are written at a fixed rate; the writing counts too.</summary>
    FetchAtTail,
}
