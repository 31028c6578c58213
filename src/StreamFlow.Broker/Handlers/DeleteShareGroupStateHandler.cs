using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Forgets the states of share partitions for another broker.</summary>
internal sealed class DeleteShareGroupStateHandler(ShareStates states)
    : RequestHandler<DeleteShareGroupStateRequest, DeleteShareGroupStateResponse>
{
    protected override async ValueTask<DeleteShareGroupStateResponse?> HandleAsync(
        RequestContext context, DeleteShareGroupStateRequest request)
    {
        List<SharePartitionKey> keys = [];
        var response = new DeleteShareGroupStateResponse
        {
            Results = request.Topics.ConvertAll(t => new DeleteShareGroupStateResponse.DeleteStateResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p =>
                {
                    var key = new SharePartitionKey(request.GroupId, t.TopicId, p.Partition);
                    keys.Add(key);
                    var error = states.Delete(key);
                    return new DeleteShareGroupStateResponse.PartitionResult
                    {
                        Partition = p.Partition,
                        ErrorCode = error,
                    };
                }),
            }),
        };
        var failed = await states.FlushAsync(keys).ConfigureAwait(false);
        response.Results.ForEach(t => t.Partitions.ForEach(
            p => (p.ErrorCode, p.ErrorMessage) = ShareStateErrors.After(p.ErrorCode, failed)));
        return response;
    }
}
