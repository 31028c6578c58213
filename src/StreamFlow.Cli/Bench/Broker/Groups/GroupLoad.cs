namespace StreamFlow.Cli.Bench.Broker.Groups;

/// <summary>A group and what happens to it.</summary>
/// <param name="Members">Its members, with a connection and a partition each.</param>
/// <param name="Steps">In how many steps, one after another, all members are replaced.</param>
/// <param name="Heartbeat">How often a member sends a heartbeat.</param>
/// <param name="IsConsumerProtocol">KIP-848, where the broker assigns; else the classic protocol.</param>
internal sealed record GroupLoad(int Members, int Steps, TimeSpan Heartbeat, bool IsConsumerProtocol);
