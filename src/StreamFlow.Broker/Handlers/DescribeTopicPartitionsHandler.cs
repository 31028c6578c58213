using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes partitions of topics page by page.</summary>
internal sealed class DescribeTopicPartitionsHandler(MetadataLog metadata, BrokerIdentity identity)
    : RequestHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
{
    private const int LargestPage = 2000;

    protected override ValueTask<DescribeTopicPartitionsResponse?> HandleAsync(
        RequestContext context, DescribeTopicPartitionsRequest request)
    {
        var response = new DescribeTopicPartitionsResponse();
        var image = metadata.Image;
        var names = request.Topics.Count == 0
            ? image.Topics.Keys
            : request.Topics.Select(t => t.Name).Order(StringComparer.Ordinal).Distinct();
        if (request.Cursor is { } start && (start.PartitionIndex < 0 || (request.Topics.Count > 0 && !names.Contains(start.TopicName))))
        {
            response.Topics.AddRange(names.Select(n => new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic
            {
                Name = n,
                ErrorCode = ErrorCode.InvalidRequest,
            }));
            return new(response);
        }

        var left = Math.Clamp(request.ResponsePartitionLimit, 1, LargestPage);
        foreach (var name in names)
        {
            var first = 0;
            if (request.Cursor is { } cursor)
            {
                var order = string.CompareOrdinal(name, cursor.TopicName);
                if (order < 0)
                {
                    continue;
                }

                first = order == 0 ? Math.Max(cursor.PartitionIndex, 0) : 0;
            }

            if (left == 0)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = first };
                break;
            }

            var described = Describe(image, name, first, left);
            response.Topics.Add(described);
            left -= described.Partitions.Count;
            if (image.Topics.TryGetValue(name, out var topic) && first + described.Partitions.Count < topic.PartitionCount)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = first + described.Partitions.Count };
                break;
            }
        }

        return new(response);
    }

    private DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic Describe(
        MetadataImage image, string name, int first, int most)
    {
        if (!image.Topics.TryGetValue(name, out var topic))
        {
            return new()
            {
                Name = name,
                ErrorCode = TopicName.WhyInvalid(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException,
            };
        }

        var count = Math.Clamp(topic.PartitionCount - first, 0, most);
        return new()
        {
            Name = name,
            TopicId = topic.Id,
            IsInternal = topic.IsInternal,
            Partitions =
            [
                .. Enumerable.Range(first, count).Select(p => new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition
                {
                    PartitionIndex = p,
                    LeaderId = identity.NodeId,
                    LeaderEpoch = Partitions.Partition.LeaderEpoch,
                    ReplicaNodes = [identity.NodeId],
                    IsrNodes = [identity.NodeId],
                    EligibleLeaderReplicas = [],
                    LastKnownElr = [],
                }),
            ],
        };
    }
}
