using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Changes the states of share partitions for another broker.</summary>
internal sealed class WriteShareGroupStateHandler(ShareStates states)
    : RequestHandler<WriteShareGroupStateRequest, WriteShareGroupStateResponse>
{
    protected override async ValueTask<WriteShareGroupStateResponse?> HandleAsync(
        RequestContext context, WriteShareGroupStateRequest request)
    {
        await states.EnsureTopicAsync().ConfigureAwait(false);
        List<SharePartitionKey> keys = [];
        var response = new WriteShareGroupStateResponse
        {
            Results = request.Topics.ConvertAll(t => new WriteShareGroupStateResponse.WriteStateResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p =>
                {
                    var key = new SharePartitionKey(request.GroupId, t.TopicId, p.Partition);
                    keys.Add(key);
                    var error = states.Write(key, new ShareStateChange(
                        p.StateEpoch, p.LeaderEpoch, p.StartOffset, p.DeliveryCompleteCount,
                        p.StateBatches.ConvertAll(
                            b => ShareStateRecords.Range(b.FirstOffset, b.LastOffset, b.DeliveryState, b.DeliveryCount))));
                    return new WriteShareGroupStateResponse.PartitionResult
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
