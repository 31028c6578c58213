using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Adds partitions to topics.</summary>
internal sealed class CreatePartitionsHandler(TopicAdmin admin, BrokerOptions options)
    : RequestHandler<CreatePartitionsRequest, CreatePartitionsResponse>
{
    protected override async ValueTask<CreatePartitionsResponse?> HandleAsync(RequestContext context, CreatePartitionsRequest request)
    {
        var response = new CreatePartitionsResponse();
        foreach (var named in request.Topics.GroupBy(t => t.Name, StringComparer.Ordinal))
        {
            var topic = named.First();
            var isHere = topic.Assignments is null || topic.Assignments.TrueForAll(a => a.BrokerIds is [var id] && id == options.NodeId);
            var result = named.Count() > 1
                ? new AdminResult(ErrorCode.InvalidRequest, $"{topic.Name} is named twice.")
                : isHere
                    ? await admin.GrowAsync(topic.Name, topic.Count, topic.Assignments?.Count, request.ValidateOnly).ConfigureAwait(false)
                    : new AdminResult(ErrorCode.InvalidReplicaAssignment, $"Every new partition needs the one replica {options.NodeId}.");
            response.Results.Add(new() { Name = topic.Name, ErrorCode = result.Error, ErrorMessage = result.Message });
        }

        return response;
    }
}
