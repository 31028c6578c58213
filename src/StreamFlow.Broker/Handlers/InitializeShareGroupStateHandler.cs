using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Begins the states of share partitions for another broker.</summary>
internal sealed class InitializeShareGroupStateHandler(ShareStates states)
    : RequestHandler<InitializeShareGroupStateRequest, InitializeShareGroupStateResponse>
{
    protected override async ValueTask<InitializeShareGroupStateResponse?> HandleAsync(
        RequestContext context, InitializeShareGroupStateRequest request)
    {
        await states.EnsureTopicAsync().ConfigureAwait(false);
        List<SharePartitionKey> keys = [];
        var response = new InitializeShareGroupStateResponse
        {
            Results = request.Topics.ConvertAll(t => new InitializeShareGroupStateResponse.InitializeStateResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p =>
                {
                    var key = new SharePartitionKey(request.GroupId, t.TopicId, p.Partition);
                    keys.Add(key);
                    var error = states.Initialize(key, p.StateEpoch, p.StartOffset);
                    return new InitializeShareGroupStateResponse.PartitionResult
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
