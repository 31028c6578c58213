namespace StreamFlow.Client.Groups;

/// <summary>Who computes a group's assignment (<c>group.protocol</c>).</summary>
public enum GroupProtocol
{
    /// <summary>A member that leads: JoinGroup, SyncGroup, Heartbeat. Kafka's default.</summary>
    Classic,

    /// <summary>The broker (KIP-848): members give up and take over partitions one by one, without stopping the group.</summary>
    Consumer,
}
