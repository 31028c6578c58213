using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Forgets where a share group without members was in some topics.</summary>
internal sealed class DeleteShareGroupOffsetsHandler(GroupCoordinator groups, MetadataLog metadata)
    : RequestHandler<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse>
{
    protected override async ValueTask<DeleteShareGroupOffsetsResponse?> HandleAsync(
        RequestContext context, DeleteShareGroupOffsetsRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return new() { ErrorCode = ErrorCode.InvalidGroupId, ErrorMessage = ErrorCodes.Describe(ErrorCode.InvalidGroupId) };
        }

        var topics = metadata.Image.Topics;
        Guid[] ids = [.. request.Topics.Select(t => topics.GetValueOrDefault(t.TopicName)).OfType<TopicImage>().Select(t => t.Id)];
        var shard = await groups.ShardOfAsync(request.GroupId).ConfigureAwait(false);
        var outcome = new Dictionary<Guid, ErrorCode>();
        var refusal = await shard.DeleteShareOffsetsAsync(request.GroupId, ids, (id, error) => outcome[id] = error).ConfigureAwait(false);
        return refusal is not null
            ? new() { ErrorCode = refusal.Error, ErrorMessage = refusal.Message }
            : new()
            {
                Responses = request.Topics.ConvertAll(t =>
                {
                    var known = topics.GetValueOrDefault(t.TopicName);
                    var error = known is null ? ErrorCode.UnknownTopicOrPartition : outcome.GetValueOrDefault(known.Id);
                    return new DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic
                    {
                        TopicName = t.TopicName,
                        TopicId = known?.Id ?? Guid.Empty,
                        ErrorCode = error,
                        ErrorMessage = error switch
                        {
                            ErrorCode.None => null,
                            ErrorCode.UnknownTopicOrPartition when known is not null => "There is no offset information to delete.",
                            _ => ErrorCodes.Describe(error),
                        },
                    };
                }),
            };
    }
}
