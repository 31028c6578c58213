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
    /// <param name="request">The request.</param>
    /// <param name="byTopicId">Whether its version names topics by their ids.</param>
    /// <param name="context">Lends the objects, which live as long as the response; null for new ones.</param>
    public static List<FetchTarget> Of(FetchRequest request, bool byTopicId, RequestContext? context)
    {
        var list = context?.New<FetchTargetList>() ?? new FetchTargetList();
        foreach (var topic in request.Topics)
        {
            foreach (var wanted in topic.Partitions)
            {
                var target = context?.New<FetchTarget>() ?? new FetchTarget();
                list.Targets.Add(target.Begin(FetchKey.Of(topic, wanted.Partition, byTopicId), wanted));
            }
        }

        if (list.Targets.Count > 1)
        {
            list.RemoveDoubles();
        }

        return list.Targets;
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
}
