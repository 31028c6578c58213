using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Guards;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Security.Quotas;

/// <summary>Counts the partitions that clients create and delete; versions that know the error are refused beyond their quota.</summary>
internal sealed class MutationGuards(ClientQuotas quotas, MetadataLog metadata, BrokerOptions options)
{
    private const ErrorCode Refused = ErrorCode.ThrottlingQuotaExceeded;
    private const string Why = "The throttling quota has been exceeded.";

    public IEnumerable<Guard> All() =>
    [
        new Guard<CreateTopicsRequest, CreateTopicsResponse>().Parts(
            r => r.ValidateOnly ? null : r.Topics,
            (c, t) => quotas.TryMutate(c, PartitionsOf(t), strict: c.ApiVersion >= 6),
            (response, t) => response.Topics.Add(new() { Name = t.Name, ErrorCode = Refused, ErrorMessage = Why })),
        new Guard<CreatePartitionsRequest, CreatePartitionsResponse>().Parts(
            r => r.ValidateOnly ? null : r.Topics,
            (c, t) => quotas.TryMutate(c, Math.Max(t.Count - CountOf(t.Name, Guid.Empty), 0), strict: c.ApiVersion >= 3),
            (response, t) => response.Results.Add(new() { Name = t.Name, ErrorCode = Refused, ErrorMessage = Why })),
        new Guard<DeleteTopicsRequest, DeleteTopicsResponse>()
            .Parts(
                r => r.TopicNames,
                (c, name) => quotas.TryMutate(c, CountOf(name, Guid.Empty), strict: c.ApiVersion >= 5),
                (response, name) => response.Responses.Add(new() { Name = name, ErrorCode = Refused, ErrorMessage = Why }))
            .Parts(
                r => r.Topics,
                (c, t) => quotas.TryMutate(c, CountOf(t.Name, t.TopicId), strict: true),
                (response, t) => response.Responses.Add(
                    new() { Name = t.Name, TopicId = t.TopicId, ErrorCode = Refused, ErrorMessage = Why })),
    ];

    private int PartitionsOf(CreateTopicsRequest.CreatableTopic topic) =>
        topic.Assignments.Count > 0 ? topic.Assignments.Count : topic.NumPartitions > 0 ? topic.NumPartitions : options.NumPartitions;

    private int CountOf(string? name, Guid id)
    {
        var image = metadata.Image;
        var topic = name is not null ? image.Topics.GetValueOrDefault(name) : image.TopicsById.GetValueOrDefault(id);
        return topic?.PartitionCount ?? 0;
    }
}
