using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Fetching;

/// <summary>Reads what a full request wants, and finds the partitions.</summary>
internal sealed class FetchTargets(PartitionManager partitions, MetadataLog metadata, AccessControl access)
{
    /// <summary>Everything that a full request names, each partition once; what comes last counts.</summary>
    public static List<FetchTarget> Of(FetchRequest request, bool byTopicId)
    {
        var targets = new List<FetchTarget>();
        foreach (var topic in request.Topics)
        {
            foreach (var wanted in topic.Partitions)
            {
                targets.Add(new FetchTarget(FetchKey.Of(topic, wanted.Partition, byTopicId), wanted));
            }
        }

        return targets.Count > 1 ? WithoutDoubles(targets) : targets;
    }

    /// <summary>
    /// Finds the partitions as they are now, and whether the client may read them. Asked before every look: a topic may have gone, and
    /// so may the permission.
    /// </summary>
    public void Resolve(RequestContext context, List<FetchTarget> targets, bool byTopicId)
    {
        var image = metadata.Image;
        FetchKey topic = default;
        string? name = null;
        var isRefused = false;
        var isFirst = true;
        foreach (var target in targets)
        {
            if (isFirst || !target.Key.IsSameTopic(topic))
            {
                isFirst = false;
                topic = target.Key;
                name = byTopicId ? image.TopicsById.GetValueOrDefault(topic.TopicId)?.Name : topic.Topic;
                isRefused = name is not null && !access.Allows(context, AclOperation.Read, AclResourceType.Topic, name);
            }

            Partition? partition = null;
            if (name is not null && !isRefused)
            {
                partitions.TryGet(name, target.Key.Partition, out partition);
            }

            target.Resolve(partition, partition is not null
                ? ErrorCode.None
                : isRefused ? ErrorCode.TopicAuthorizationFailed
                : byTopicId && name is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition);
        }
    }

    private static List<FetchTarget> WithoutDoubles(List<FetchTarget> targets)
    {
        var last = new Dictionary<FetchKey, FetchTarget>(targets.Count);
        foreach (var target in targets)
        {
            last[target.Key] = target;
        }

        return last.Count == targets.Count ? targets : [.. last.Values];
    }
}
