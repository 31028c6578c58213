namespace StreamFlow.Client.Administration;

/// <summary>A topic to create.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Its partitions; -1 is the broker's default.</param>
/// <param name="ReplicationFactor">Replicas of each partition; -1 is the broker's default.</param>
/// <param name="Configs">Topic settings that differ from the broker's; null for none.</param>
public sealed record NewTopic(
    string Name, int Partitions = -1, short ReplicationFactor = -1, IReadOnlyDictionary<string, string>? Configs = null);

/// <summary>A topic as the cluster describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TopicId">Its id; <see cref="Guid.Empty"/> when the broker has none.</param>
/// <param name="IsInternal">Whether it belongs to the broker itself.</param>
/// <param name="Partitions">Its partitions in order.</param>
public sealed record TopicDescription(string Name, Guid TopicId, bool IsInternal, IReadOnlyList<PartitionMetadata> Partitions);

/// <summary>A broker of the cluster.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">The host it tells clients to use.</param>
/// <param name="Port">The port it tells clients to use.</param>
/// <param name="Rack">Its rack, null when it has none.</param>
public sealed record BrokerDescription(int Id, string Host, int Port, string? Rack);

/// <summary>The cluster.</summary>
/// <param name="ClusterId">Its id, null when the broker does not tell.</param>
/// <param name="ControllerId">Id of a broker that takes admin requests, -1 when not known.</param>
/// <param name="Brokers">Its brokers.</param>
public sealed record ClusterDescription(string? ClusterId, int ControllerId, IReadOnlyList<BrokerDescription> Brokers);
