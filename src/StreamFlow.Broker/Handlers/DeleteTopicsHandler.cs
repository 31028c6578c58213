using StreamFlow.Broker.Metadata;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Deletes topics by name or by id.</summary>
internal sealed class DeleteTopicsHandler(TopicAdmin admin, MetadataLog metadata)
    : RequestHandler<DeleteTopicsRequest, DeleteTopicsResponse>
{
    protected override async ValueTask<DeleteTopicsResponse?> HandleAsync(RequestContext context, DeleteTopicsRequest request)
    {
        var response = new DeleteTopicsResponse();
        foreach (var name in request.TopicNames)
        {
            response.Responses.Add(await DeleteAsync(name, Guid.Empty).ConfigureAwait(false));
        }

        foreach (var topic in request.Topics)
        {
            response.Responses.Add(await DeleteAsync(topic.Name, topic.TopicId).ConfigureAwait(false));
        }

        return response;
    }

    private async ValueTask<DeleteTopicsResponse.DeletableTopicResult> DeleteAsync(string? name, Guid id)
    {
        var image = metadata.Image;
        var topic = name is not null ? image.Topics.GetValueOrDefault(name) : image.TopicsById.GetValueOrDefault(id);
        var result = await admin.DeleteAsync(name, id).ConfigureAwait(false);
        return new()
        {
            Name = topic?.Name ?? name,
            TopicId = topic?.Id ?? id,
            ErrorCode = result.Error,
            ErrorMessage = result.Message,
        };
    }
}
