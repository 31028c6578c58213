using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Deletes topics by name or by id.</summary>
internal sealed class DeleteTopicsHandler(TopicAdmin admin, MetadataLog metadata)
    : RequestHandler<DeleteTopicsRequest, DeleteTopicsResponse>
{
    protected override async ValueTask<DeleteTopicsResponse?> HandleAsync(RequestContext context, DeleteTopicsRequest request)
    {
        var response = new DeleteTopicsResponse();
        var wanted = request.TopicNames.Select(n => (Name: (string?)n, Id: Guid.Empty)).Concat(request.Topics.Select(t => (t.Name,
            Id: t.TopicId)));
        foreach (var topic in wanted.GroupBy(w => w))
        {
            var (name, id) = topic.Key;
            response.Responses.Add(topic.Count() > 1 || (name is null) == (id == Guid.Empty)
                ? new()
                {
                    Name = name,
                    TopicId = id,
                    ErrorCode = ErrorCode.InvalidRequest,
                    ErrorMessage = topic.Count() > 1 ? "The topic is named twice." : "A topic has to be named by its name or by its id.",
                }
                : await DeleteAsync(name, id).ConfigureAwait(false));
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
