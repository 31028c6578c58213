using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Tells where a leader epoch ends, so that consumers notice when the log was cut behind them (KIP-320).</summary>
internal sealed class OffsetForLeaderEpochHandler(PartitionManager partitions)
    : RequestHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
{
    protected override ValueTask<OffsetForLeaderEpochResponse?> HandleAsync(RequestContext context, OffsetForLeaderEpochRequest request)
    {
        var response = new OffsetForLeaderEpochResponse();
        foreach (var topic in request.Topics)
        {
            var answered = new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = topic.Topic };
            response.Topics.Add(answered);
            foreach (var wanted in topic.Partitions)
            {
                answered.Partitions.Add(Find(topic.Topic, wanted));
            }
        }

        return new(response);
    }

    private OffsetForLeaderEpochResponse.EpochEndOffset Find(string topic, OffsetForLeaderEpochRequest.OffsetForLeaderPartition wanted)
    {
        var answer = new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = wanted.Partition };
        if (!partitions.TryGet(topic, wanted.Partition, out var partition))
        {
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            return answer;
        }

        answer.ErrorCode = Partition.CheckEpoch(wanted.CurrentLeaderEpoch);
        if (answer.ErrorCode == ErrorCode.None)
        {
            var end = partition.EndOfEpoch(wanted.LeaderEpoch);
            answer.LeaderEpoch = end.LeaderEpoch;
            answer.EndOffset = end.EndOffset;
        }

        return answer;
    }
}
