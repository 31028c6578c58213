using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Tells another broker where share partitions begin.</summary>
internal sealed class ReadShareGroupStateSummaryHandler(ShareStates states, MetadataLog metadata)
    : RequestHandler<ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse>
{
    protected override async ValueTask<ReadShareGroupStateSummaryResponse?> HandleAsync(
        RequestContext context, ReadShareGroupStateSummaryRequest request)
    {
        await states.EnsureTopicAsync().ConfigureAwait(false);
        return new()
        {
            Results = request.Topics.ConvertAll(t => new ReadShareGroupStateSummaryResponse.ReadStateSummaryResult
            {
                TopicId = t.TopicId,
                Partitions = t.Partitions.ConvertAll(p => Read(new SharePartitionKey(request.GroupId, t.TopicId, p.Partition))),
            }),
        };
    }

    private ReadShareGroupStateSummaryResponse.PartitionResult Read(SharePartitionKey key)
    {
        var isKnown = metadata.Image.TopicsById.TryGetValue(key.TopicId, out var topic)
            && key.Partition >= 0 && key.Partition < topic.PartitionCount;
        var error = isKnown ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition;
        var state = isKnown ? states.Find(key) : null;
        return new()
        {
            Partition = key.Partition,
            ErrorCode = error,
            ErrorMessage = ShareStateErrors.Describe(error),
            StateEpoch = state?.StateEpoch ?? 0,
            LeaderEpoch = state?.LeaderEpoch ?? 0,
            StartOffset = state?.StartOffset ?? -1,
            DeliveryCompleteCount = state?.DoneCount ?? -1,
        };
    }
}
