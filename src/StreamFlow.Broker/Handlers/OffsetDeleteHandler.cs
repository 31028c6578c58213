using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Deletes committed offsets of topics that no member reads.</summary>
internal sealed class OffsetDeleteHandler(GroupCoordinator groups, MetadataLog metadata)
    : RequestHandler<OffsetDeleteRequest, OffsetDeleteResponse>
{
    protected override async ValueTask<OffsetDeleteResponse?> HandleAsync(RequestContext context, OffsetDeleteRequest request)
    {
        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var response = new OffsetDeleteResponse();
        response.ErrorCode = shard.DeleteOffsets(request.GroupId, entry => Select(entry, request, response));
        if (response.ErrorCode != ErrorCode.None)
        {
            response.Topics.Clear();
        }

        return response;
    }

    private List<TopicPartition> Select(GroupEntry entry, OffsetDeleteRequest request, OffsetDeleteResponse response)
    {
        var selected = new List<TopicPartition>();
        var subscribed = entry.Group.SubscribedTopics();
        foreach (var topic in request.Topics)
        {
            var answered = new OffsetDeleteResponse.OffsetDeleteResponseTopic { Name = topic.Name };
            response.Topics.Add(answered);
            metadata.Image.Topics.TryGetValue(topic.Name, out var image);
            foreach (var partition in topic.Partitions)
            {
                var error = ErrorOf(image, subscribed, topic.Name, partition.PartitionIndex);
                answered.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error });
                if (error == ErrorCode.None)
                {
                    selected.Add(new TopicPartition(topic.Name, partition.PartitionIndex));
                }
            }
        }

        return selected;
    }

    private static ErrorCode ErrorOf(TopicImage? image, IReadOnlySet<string>? subscribed, string topic, int partition)
    {
        if (image is null || partition < 0 || partition >= image.PartitionCount)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        return subscribed is null || subscribed.Contains(topic) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
    }
}
