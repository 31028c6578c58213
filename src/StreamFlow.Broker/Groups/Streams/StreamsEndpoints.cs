using StreamFlow.Broker.Metadata;
using StreamFlow.Protocol.Messages;
using OfEndpoint = StreamFlow.Protocol.Messages.StreamsGroupHeartbeatResponse.EndpointToPartitions;
using OfTopic = StreamFlow.Protocol.Messages.StreamsGroupHeartbeatResponse.TopicPartition;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>Tells members which process has the state of which partitions, for interactive queries.</summary>
internal static class StreamsEndpoints
{
    /// <summary>The partitions at each endpoint; those read by active tasks and those of copies apart.</summary>
    public static List<OfEndpoint> Of(StreamsGroup group, IReadOnlyDictionary<string, TopicImage> topics)
    {
        var all = new List<OfEndpoint>();
        foreach (var member in group.State.Members.Values)
        {
            if (member.Endpoint is { } endpoint && group.Configured?.Subtopologies is not null)
            {
                all.Add(new OfEndpoint
                {
                    UserEndpoint = new() { Host = endpoint.Host, Port = endpoint.Port },
                    ActivePartitions = PartitionsOf(group, member.Assigned.Active.Keys, topics),
                    StandbyPartitions = PartitionsOf(group, member.Assigned.Standby, topics),
                });
            }
        }

        return all;
    }

    private static List<OfTopic> PartitionsOf(
        StreamsGroup group, IEnumerable<StreamsTask> tasks, IReadOnlyDictionary<string, TopicImage> topics)
    {
        var all = new List<OfTopic>();
        foreach (var (subtopology, partitions) in StreamsTask.Grouped(tasks))
        {
            foreach (var topic in group.Configured!.Subtopologies!.GetValueOrDefault(subtopology)?.AllSources ?? [])
            {
                // The smaller ones of several topics have nothing for the last tasks.
                var count = topics.GetValueOrDefault(topic)?.PartitionCount ?? 0;
                all.Add(new OfTopic { Topic = topic, Partitions = partitions.FindAll(p => p < count) });
            }
        }

        return all;
    }
}
