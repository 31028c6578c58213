using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes the producers that partitions remember.</summary>
internal sealed class DescribeProducersHandler(PartitionManager partitions)
    : RequestHandler<DescribeProducersRequest, DescribeProducersResponse>
{
    protected override ValueTask<DescribeProducersResponse?> HandleAsync(RequestContext context, DescribeProducersRequest request) => new(
        new DescribeProducersResponse
        {
            Topics =
            [
                .. request.Topics.Select(t => new DescribeProducersResponse.TopicResponse
                {
                    Name = t.Name,
                    Partitions = [.. t.PartitionIndexes.Select(p => Describe(t.Name, p))],
                }),
            ],
        });

    private DescribeProducersResponse.PartitionResponse Describe(string topic, int index)
    {
        var answer = new DescribeProducersResponse.PartitionResponse { PartitionIndex = index };
        if (!partitions.TryGet(topic, index, out var partition))
        {
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            answer.ErrorMessage = ErrorCodes.Describe(ErrorCode.UnknownTopicOrPartition);
            return answer;
        }

        foreach (var producer in partition.Producers())
        {
            answer.ActiveProducers.Add(new()
            {
                ProducerId = producer.ProducerId,
                ProducerEpoch = producer.ProducerEpoch,
                LastSequence = producer.LastSequence,
                LastTimestamp = producer.LastTimestamp,
                CoordinatorEpoch = producer.CoordinatorEpoch,
                CurrentTxnStartOffset = producer.TransactionStartOffset,
            });
        }

        return answer;
    }
}
