using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Metadata;

/// <summary>Finds the partitions of the broker's own topics and creates these when they are first needed.</summary>
internal sealed class InternalTopics(TopicAdmin admin, MetadataLog metadata, PartitionManager partitions)
{
    private static readonly Dictionary<string, string> Compacted = new()
    {
        ["cleanup.policy"] = "compact",
        ["compression.type"] = "producer",
        ["segment.bytes"] = "104857600",
    };

    /// <summary>Changes of one key build on each other there, so only the coordinator knows what is not needed any more.</summary>
    private static readonly Dictionary<string, string> Kept = new()
    {
        ["cleanup.policy"] = "delete",
        ["compression.type"] = "producer",
        ["retention.ms"] = "-1",
        ["segment.bytes"] = "104857600",
    };

    /// <summary>The partitions of a topic, or null when it does not exist.</summary>
    public Partition[]? TryGet(string topic)
    {
        if (!metadata.Image.Topics.TryGetValue(topic, out var image))
        {
            return null;
        }

        var found = new Partition[image.PartitionCount];
        for (var i = 0; i < found.Length; i++)
        {
            if (!partitions.TryGet(topic, i, out found[i]!))
            {
                return null;
            }
        }

        return found;
    }

    /// <summary>The partitions of a topic, created when missing.</summary>
    /// <exception cref="BrokerException">The topic cannot be created.</exception>
    public async ValueTask<Partition[]> GetOrCreateAsync(string topic, int partitionCount)
    {
        if (TryGet(topic) is { } found)
        {
            return found;
        }

        var configs = topic == TopicImage.ShareGroupState ? Kept : Compacted;
        var result = await admin.CreateAsync(topic, partitionCount, configs, validateOnly: false).ConfigureAwait(false);
        return result.Error is ErrorCode.None or ErrorCode.TopicAlreadyExists && TryGet(topic) is { } created
            ? created
            : throw new BrokerException(
                result.IsSuccess ? ErrorCode.CoordinatorNotAvailable : result.Error, $"create topic {topic}", result.Message);
    }
}
