using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// Moves partitions to other brokers (KIP-455). There are no others: a partition may be moved to where it is, which is done at once.
/// </summary>
internal sealed class AlterPartitionReassignmentsHandler(MetadataLog metadata, BrokerOptions options)
    : RequestHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
{
    protected override ValueTask<AlterPartitionReassignmentsResponse?> HandleAsync(
        RequestContext context, AlterPartitionReassignmentsRequest request)
    {
        var response = new AlterPartitionReassignmentsResponse { AllowReplicationFactorChange = request.AllowReplicationFactorChange };
        foreach (var topic in request.Topics)
        {
            var known = metadata.Image.Topics.GetValueOrDefault(topic.Name);
            var answered = new AlterPartitionReassignmentsResponse.ReassignableTopicResponse { Name = topic.Name };
            response.Responses.Add(answered);
            foreach (var partition in topic.Partitions)
            {
                var result = partition.PartitionIndex >= 0 && partition.PartitionIndex < (known?.PartitionCount ?? 0)
                    ? Check(partition.Replicas)
                    : new AdminResult(ErrorCode.UnknownTopicOrPartition, $"There is no partition {topic.Name}-{partition.PartitionIndex}.");
                answered.Partitions.Add(new()
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = result.Error,
                    ErrorMessage = result.Message,
                });
            }
        }

        return new(response);
    }

    private AdminResult Check(List<int>? replicas) => replicas switch
    {
        null => new(ErrorCode.NoReassignmentInProgress, ErrorCodes.Describe(ErrorCode.NoReassignmentInProgress)),
        [var only] when only == options.NodeId => AdminResult.Success,
        _ => new(
            ErrorCode.InvalidReplicaAssignment,
            $"Replicas [{string.Join(", ", replicas)}] cannot be: the only broker is {options.NodeId}, and a replica has to have one of "
                + $"its own."),
    };
}
