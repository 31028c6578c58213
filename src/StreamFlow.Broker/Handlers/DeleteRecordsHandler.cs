using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Deletes the records before an offset by raising the log start offset.</summary>
internal sealed class DeleteRecordsHandler(PartitionManager partitions) : RequestHandler<DeleteRecordsRequest, DeleteRecordsResponse>
{
    private const long UpToHighWatermark = -1;

    protected override ValueTask<DeleteRecordsResponse?> HandleAsync(RequestContext context, DeleteRecordsRequest request)
    {
        var response = new DeleteRecordsResponse();
        foreach (var topic in request.Topics)
        {
            var answered = new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = topic.Name };
            response.Topics.Add(answered);
            foreach (var wanted in topic.Partitions)
            {
                var error = Delete(topic.Name, wanted, out var lowWatermark);
                answered.Partitions.Add(new() { PartitionIndex = wanted.PartitionIndex, ErrorCode = error, LowWatermark = lowWatermark });
            }
        }

        KeepThroughCrash(response);
        return new(response);
    }

    /// <summary>What was acknowledged as deleted stays so after a crash.</summary>
    private void KeepThroughCrash(DeleteRecordsResponse response)
    {
        var deleted = response.Topics.SelectMany(t => t.Partitions).Where(p => p.ErrorCode == ErrorCode.None).ToList();
        if (deleted.Count > 0 && partitions.CheckpointLogStarts() is var error and not ErrorCode.None)
        {
            deleted.ForEach(p => (p.ErrorCode, p.LowWatermark) = (error, -1));
        }
    }

    private ErrorCode Delete(string topic, DeleteRecordsRequest.DeleteRecordsPartition wanted, out long lowWatermark)
    {
        lowWatermark = -1;
        if (!partitions.TryGet(topic, wanted.PartitionIndex, out var partition))
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        if (TopicImage.IsInternalName(topic))
        {
            return ErrorCode.InvalidTopicException;
        }

        var offset = wanted.Offset == UpToHighWatermark ? partition.HighWatermark : wanted.Offset;
        if (offset < 0 || offset > partition.HighWatermark)
        {
            return ErrorCode.OffsetOutOfRange;
        }

        var error = partition.DeleteBefore(offset);
        lowWatermark = error == ErrorCode.None ? partition.LogStartOffset : -1;
        return error;
    }
}
