namespace StreamFlow.Broker.Groups.Streams;

/// <summary>Where an instance of an application answers queries of its state.</summary>
internal sealed record StreamsEndpoint(string Host, ushort Port);
