using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>A member of a streams group joins, stays or leaves (KIP-1071); the topics that its application lacks are created.</summary>
/// <param name="groups">The groups.</param>
/// <param name="createTopics">Creates topics as for any client.</param>
/// <param name="access">Who may create topics.</param>
internal sealed class StreamsGroupHeartbeatHandler(GroupCoordinator groups, CreateTopicsHandler createTopics, AccessControl access)
    : RequestHandler<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse>
{
    protected override async ValueTask<StreamsGroupHeartbeatResponse?> HandleAsync(
        RequestContext context, StreamsGroupHeartbeatRequest request)
    {
        if (StreamsHeartbeatChecks.Check(request) is { } refusal)
        {
            return new StreamsHeartbeatAnswer(refusal).Response;
        }

        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var heartbeat = new StreamsHeartbeat(request, context.ClientId, context.ClientHost);
        var (response, missing) = await shard.HeartbeatAsync(request.GroupId, heartbeat).ConfigureAwait(false);
        if (missing.Count > 0 && await CreateAsync(context, missing).ConfigureAwait(false) is { } problem)
        {
            response.Status?.Find(s => s.StatusCode == (sbyte)StreamsStatus.MissingInternalTopics)?.StatusDetail += $"; {problem}";
        }

        return response;
    }

    /// <returns>Why not; null when all are there now.</returns>
    private async ValueTask<string?> CreateAsync(RequestContext context, IReadOnlyList<InternalTopic> topics)
    {
        if (!access.AllowsCluster(context, AclOperation.Create))
        {
            var refused = topics.Where(t => !access.Allows(context, AclOperation.Create, AclResourceType.Topic, t.Name)).ToArray();
            if (refused.Length > 0)
            {
                return $"Unauthorized to CREATE on topics {string.Join(", ", refused.Select(t => t.Name))}.";
            }
        }

        var request = new CreateTopicsRequest { Topics = [.. topics.Select(Creatable)] };
        var response = (CreateTopicsResponse)(await createTopics.HandleAsync(context, request).ConfigureAwait(false))!;
        var failed = response.Topics.FindAll(t => t.ErrorCode is not (ErrorCode.None or ErrorCode.TopicAlreadyExists));
        return failed.Count == 0 ? null : $"Creation failed: {string.Join("; ", failed.Select(t => $"{t.Name} ({t.ErrorMessage})"))}.";
    }

    private static CreateTopicsRequest.CreatableTopic Creatable(InternalTopic topic) => new()
    {
        Name = topic.Name,
        NumPartitions = topic.Partitions,
        ReplicationFactor = topic.ReplicationFactor == 0 ? (short)-1 : topic.ReplicationFactor,
        Configs = [.. topic.Configs.Select(c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Key, Value = c.Value })],
    };
}
