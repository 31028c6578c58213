using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Elects leaders (KIP-183, KIP-460). There is one broker, which leads every partition: no election is ever needed.</summary>
internal sealed class ElectLeadersHandler(MetadataLog metadata) : RequestHandler<ElectLeadersRequest, ElectLeadersResponse>
{
    protected override ValueTask<ElectLeadersResponse?> HandleAsync(RequestContext context, ElectLeadersRequest request)
    {
        if (request.ElectionType is not (0 or 1))
        {
            return new(Answer(request, ErrorCode.InvalidRequest, (_, p) => Result(
                p, ErrorCode.InvalidRequest, $"Election type {request.ElectionType} is not known: 0 is preferred, 1 is unclean.")));
        }

        // Asked about all partitions, Kafka names only those whose election was needed.
        var image = metadata.Image;
        return new(request.TopicPartitions is null
            ? new ElectLeadersResponse
            {
                ReplicaElectionResults = [.. image.Topics.Keys.Select(t => new ElectLeadersResponse.ReplicaElectionResult { Topic = t })],
            }
            : Answer(request, ErrorCode.None, (t, p) => p >= 0 && p < (image.Topics.GetValueOrDefault(t)?.PartitionCount ?? 0)
                ? Result(p, ErrorCode.ElectionNotNeeded, $"{t}-{p} has its leader and needs no election.")
                : Result(p, ErrorCode.UnknownTopicOrPartition, $"There is no partition {t}-{p}.")));
    }

    private static ElectLeadersResponse Answer(
        ElectLeadersRequest request, ErrorCode error, Func<string, int, ElectLeadersResponse.PartitionResult> result) => new()
    {
        ErrorCode = error,
        ReplicaElectionResults =
        [
            .. (request.TopicPartitions ?? []).Select(t => new ElectLeadersResponse.ReplicaElectionResult
            {
                Topic = t.Topic,
                PartitionResult = t.Partitions.ConvertAll(p => result(t.Topic, p)),
            }),
        ],
    };

    private static ElectLeadersResponse.PartitionResult Result(int partition, ErrorCode error, string message) =>
        new() { PartitionId = partition, ErrorCode = error, ErrorMessage = message };
}
