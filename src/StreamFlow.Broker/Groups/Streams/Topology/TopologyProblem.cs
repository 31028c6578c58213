namespace StreamFlow.Broker.Groups.Streams.Topology;

/// <summary>Why an application cannot run with the topics there are.</summary>
internal sealed record TopologyProblem(StreamsStatus Status, string Detail);
