using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Reads the states of share partitions for another broker that leads them.</summary>
internal sealed class ReadShareGroupStateHandler(ShareStates states)
    : RequestHandler<ReadShareGroupStateRequest, ReadShareGroupStateResponse>
{
    protected override async ValueTask<ReadShareGroupStateResponse?> HandleAsync(
        RequestContext context, ReadShareGroupStateRequest request)
    {
        await states.EnsureTopicAsync().ConfigureAwait(false);
        return new()
        {
            Results = request.Topics.ConvertAll(t => new ReadShareGroupStateResponse.ReadStateResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(
                    p => Read(new SharePartitionKey(request.GroupId, t.TopicId, p.Partition), p.LeaderEpoch)),
            }),
        };
    }

    private ReadShareGroupStateResponse.PartitionResult Read(SharePartitionKey key, int leaderEpoch)
    {
        var error = states.Read(key, leaderEpoch, out var state);
        return new()
        {
            Partition = key.Partition,
            ErrorCode = error,
            ErrorMessage = ShareStateErrors.Describe(error),
            StateEpoch = state?.StateEpoch ?? 0,
            StartOffset = state?.StartOffset ?? -1,
            StateBatches = [.. (state?.Deliveries ?? []).Select(d => new ReadShareGroupStateResponse.StateBatch
            {
                FirstOffset = d.First,
                LastOffset = d.Last,
                DeliveryState = (sbyte)d.Value.State,
                DeliveryCount = d.Value.Count,
            })],
        };
    }
}
