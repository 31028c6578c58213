using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Streams.Topology;

/// <summary>A topic that an application keeps for itself and the coordinator creates.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many partitions it has to have.</param>
/// <param name="ReplicationFactor">0 for the broker's default.</param>
/// <param name="Configs">Its settings.</param>
internal sealed record InternalTopic(string Name, int Partitions, short ReplicationFactor, IReadOnlyList<KeyValuePair<string,
    string>> Configs)
{
    /// <summary>The topic with a number of partitions that was worked out, unless the application itself says one.</summary>
    public static InternalTopic Of(StreamsGroupTopologyValue.TopicInfo told, IReadOnlyDictionary<string, int> counts) => new(
        told.Name,
        told.Partitions == 0 ? counts[told.Name] : told.Partitions,
        told.ReplicationFactor,
        told.TopicConfigs.ConvertAll(c => KeyValuePair.Create(c.Key, c.Value)));
}
