using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Core.Security.AclOperation;
using static StreamFlow.Core.Security.AclResourceType;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>
/// Who may see topics: of "all topics" those that the client may not see are left out, and one that it names is refused, whether it
/// exists or not.
/// </summary>
internal sealed class MetadataGuards(AccessControl access, BrokerOptions options)
{
    private const ErrorCode Refused = ErrorCode.TopicAuthorizationFailed;

    public IEnumerable<Guard> All() => [Metadata(), DescribeTopicPartitions()];

    private bool MaySee(RequestContext context, string? name, Guid id) =>
        access.TopicName(name, id) is not { } topic || access.Allows(context, Describe, Topic, topic);

    private Guard<MetadataRequest, MetadataResponse> Metadata() => new Guard<MetadataRequest, MetadataResponse>()
        .Parts(r => r.Topics, (c, t) => MaySee(c, t.Name, t.TopicId), (response, t) => response.Topics.Add(Answer(t)))
        .Parts(
            r => options.AutoCreateTopics && r.AllowAutoTopicCreation ? r.Topics : null,
            (c, t) => t.Name is not { } name || access.TopicExists(name)
                || access.AllowsCluster(c, Create) || access.Allows(c, Create, Topic, name),
            (response, t) => response.Topics.Add(Answer(t)))
        .After((c, _, response) => response.Topics.RemoveAll(
            t => t.ErrorCode != Refused && t.Name is not null && !MaySee(c, t.Name, t.TopicId)));

    private static MetadataResponse.MetadataResponseTopic Answer(MetadataRequest.MetadataRequestTopic topic) => new()
    {
        ErrorCode = Refused,
        Name = topic.Name,
        TopicId = topic.TopicId,
        IsInternal = topic.Name is { } name && TopicImage.IsInternalName(name),
    };

    private Guard<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> DescribeTopicPartitions() =>
        new Guard<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>()
            .After((c, r, response) =>
            {
                var wantsAll = r.Topics.Count == 0;
                response.Topics.RemoveAll(t => wantsAll && !MaySee(c, t.Name, Guid.Empty));
                foreach (var topic in response.Topics.FindAll(t => !MaySee(c, t.Name, Guid.Empty)))
                {
                    topic.ErrorCode = Refused;
                    topic.TopicId = Guid.Empty;
                    topic.Partitions = [];
                    topic.TopicAuthorizedOperations = int.MinValue;
                }
            });
}
