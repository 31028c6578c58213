using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Writes markers by hand, which is how an administrator aborts a hanging transaction.</summary>
internal sealed class WriteTxnMarkersHandler(ITransactionMarkers markers) : RequestHandler<WriteTxnMarkersRequest, WriteTxnMarkersResponse>
{
    protected override async ValueTask<WriteTxnMarkersResponse?> HandleAsync(RequestContext context, WriteTxnMarkersRequest request)
    {
        var response = new WriteTxnMarkersResponse();
        foreach (var marker in request.Markers)
        {
            var result = new WriteTxnMarkersResponse.WritableTxnMarkerResult { ProducerId = marker.ProducerId };
            response.Markers.Add(result);
            foreach (var topic in marker.Topics)
            {
                var answered = new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult { Name = topic.Name };
                result.Topics.Add(answered);
                foreach (var partition in topic.PartitionIndexes)
                {
                    var error = await WriteAsync(marker, new TopicPartition(topic.Name, partition)).ConfigureAwait(false);
                    answered.Partitions.Add(new() { PartitionIndex = partition, ErrorCode = error });
                }
            }
        }

        return response;
    }

    private async ValueTask<ErrorCode> WriteAsync(WriteTxnMarkersRequest.WritableTxnMarker marker, TopicPartition partition)
    {
        var error = markers.Append(partition, marker.ProducerId, marker.ProducerEpoch, marker.TransactionResult, marker.CoordinatorEpoch);
        return error == ErrorCode.None ? await markers.FlushAsync(partition).ConfigureAwait(false) : error;
    }
}
