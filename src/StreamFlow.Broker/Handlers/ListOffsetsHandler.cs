using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Handlers;

/// <summary>Finds offsets: the ends of the log, the largest timestamp, or the first record from a time on.</summary>
internal sealed class ListOffsetsHandler(PartitionManager partitions) : RequestHandler<ListOffsetsRequest, ListOffsetsResponse>
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long LargestTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const long EarliestPendingUpload = -6;

    protected override ValueTask<ListOffsetsResponse?> HandleAsync(RequestContext context, ListOffsetsRequest request)
    {
        var response = new ListOffsetsResponse();
        var isolation = request.IsolationLevel == 1 ? ReadIsolation.Committed : ReadIsolation.HighWatermark;
        foreach (var topic in request.Topics)
        {
            var answered = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            response.Topics.Add(answered);
            foreach (var wanted in topic.Partitions)
            {
                var answer = new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = wanted.PartitionIndex };
                answered.Partitions.Add(answer);
                answer.ErrorCode = topic.Partitions.Count > 1 && topic.Partitions.Count(p => p.PartitionIndex == wanted.PartitionIndex) > 1
                    ? ErrorCode.InvalidRequest
                    : wanted.Timestamp < 0 && context.ApiVersion < FirstVersionOf(wanted.Timestamp)
                        ? ErrorCode.UnsupportedVersion
                        : Find(topic.Name, wanted, isolation, answer);
                FitTo(context.ApiVersion, answer);
            }
        }

        return new(response);
    }

    /// <summary>The first version in which a timestamp that is none has its meaning.</summary>
    private static short FirstVersionOf(long timestamp) => timestamp switch
    {
        Latest or Earliest => 0,
        LargestTimestamp => 7,
        EarliestLocal => 8,
        LatestTiered => 9,
        EarliestPendingUpload => 11,
        _ => short.MaxValue,
    };

    /// <summary>Takes away what the version has no place for.</summary>
    private static void FitTo(short version, ListOffsetsResponse.ListOffsetsPartitionResponse answer)
    {
        if (version < 4)
        {
            answer.LeaderEpoch = -1;
        }

        if (version == 0)
        {
            if (answer.Offset >= 0)
            {
                answer.OldStyleOffsets.Add(answer.Offset);
            }

            answer.Offset = -1;
            answer.Timestamp = -1;
        }
    }

    private ErrorCode Find(
        string topic,
        ListOffsetsRequest.ListOffsetsPartition wanted,
        ReadIsolation isolation,
        ListOffsetsResponse.ListOffsetsPartitionResponse answer)
    {
        if (!partitions.TryGet(topic, wanted.PartitionIndex, out var partition))
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        if (Partition.CheckEpoch(wanted.CurrentLeaderEpoch) is var error && error != ErrorCode.None)
        {
            return error;
        }

        switch (wanted.Timestamp)
        {
            case Latest:
                return Answer(answer, partition.EndFor(isolation));
            case Earliest or EarliestLocal:
                return Answer(answer, partition.LogStartOffset);
            case LatestTiered or EarliestPendingUpload:
                // There is no tiered storage, so nothing is there and nothing waits to go there.
                answer.LeaderEpoch = -1;
                return ErrorCode.None;
            default:
                return FindByTimestamp(partition, wanted.Timestamp, isolation, answer);
        }
    }

    private static ErrorCode FindByTimestamp(
        Partition partition, long timestamp, ReadIsolation isolation, ListOffsetsResponse.ListOffsetsPartitionResponse answer)
    {
        var error = timestamp == LargestTimestamp
            ? partition.FindLargestTimestamp(out var found)
            : partition.FindByTimestamp(timestamp, isolation, out found);
        if (error == ErrorCode.None && found is { } at)
        {
            answer.Offset = at.Offset;
            answer.Timestamp = at.Timestamp;
            answer.LeaderEpoch = at.LeaderEpoch;
        }

        return error;
    }

    private static ErrorCode Answer(ListOffsetsResponse.ListOffsetsPartitionResponse answer, long offset)
    {
        answer.Offset = offset;
        answer.LeaderEpoch = Partition.LeaderEpoch;
        return ErrorCode.None;
    }
}
