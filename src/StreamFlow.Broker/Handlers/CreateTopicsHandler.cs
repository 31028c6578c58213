using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Handlers;

/// <summary>Creates topics; each is usable when it is answered.</summary>
internal sealed class CreateTopicsHandler(TopicAdmin admin, MetadataLog metadata, ConfigLayers layers, BrokerOptions options)
    : RequestHandler<CreateTopicsRequest, CreateTopicsResponse>
{
    protected override async ValueTask<CreateTopicsResponse?> HandleAsync(RequestContext context, CreateTopicsRequest request)
    {
        var response = new CreateTopicsResponse();
        var duplicates = request.Topics.GroupBy(t => t.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in duplicates)
        {
            response.Topics.Add(Failure(name, new AdminResult(ErrorCode.InvalidRequest, "Duplicate topic name.")));
        }

        foreach (var topic in request.Topics.Where(t => !duplicates.Contains(t.Name)))
        {
            response.Topics.Add(await CreateAsync(topic, request.ValidateOnly).ConfigureAwait(false));
        }

        return response;
    }

    private async ValueTask<CreateTopicsResponse.CreatableTopicResult> CreateAsync(
        CreateTopicsRequest.CreatableTopic topic, bool validateOnly)
    {
        if (CheckReplicas(topic) is { IsSuccess: false } invalid)
        {
            return Failure(topic.Name, invalid);
        }

        var configs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var config in topic.Configs)
        {
            if (config.Value is null)
            {
                return Failure(
                    topic.Name, new AdminResult(ErrorCode.InvalidConfig, $"Null value not supported for topic configs: {config.Name}"));
            }

            configs[config.Name] = config.Value;
        }

        var partitions = topic.Assignments.Count > 0 ? topic.Assignments.Count : topic.NumPartitions;
        var result = await admin.CreateAsync(topic.Name, partitions, configs, validateOnly).ConfigureAwait(false);
        if (!result.IsSuccess)
        {
            return Failure(topic.Name, result);
        }

        metadata.Image.Topics.TryGetValue(topic.Name, out var created);
        return new()
        {
            Name = topic.Name,
            TopicId = created?.Id ?? Guid.Empty,
            NumPartitions = partitions == -1 ? options.NumPartitions : partitions,
            ReplicationFactor = 1,
            Configs =
            [
                .. LogConfigKeys.All.Select(d => new CreateTopicsResponse.CreatableTopicConfigs
                {
                    Name = d.Name,
                    Value = layers.Of(d, configs) is [{ Source: not ConfigSources.Default } set, ..] ? set.Value : d.Default,
                    ConfigSource = layers.SourceOf(d, configs),
                }),
            ],
        };
    }

    /// <summary>There is one broker, so every partition has one replica, here.</summary>
    private AdminResult CheckReplicas(CreateTopicsRequest.CreatableTopic topic)
    {
        if (topic.Assignments.Count > 0)
        {
            if (topic.NumPartitions != -1 || topic.ReplicationFactor != -1)
            {
                return new(
                    ErrorCode.InvalidRequest,
                    "A manual partition assignment was specified, but numPartitions or replicationFactor was not set to -1.");
            }

            var numbers = topic.Assignments.Select(a => a.PartitionIndex).Order();
            var isValid = numbers.SequenceEqual(Enumerable.Range(0, topic.Assignments.Count))
                && topic.Assignments.All(a => a.BrokerIds is [var id] && id == options.NodeId);
            return isValid
                ? AdminResult.Success
                : new(
                    ErrorCode.InvalidReplicaAssignment,
                    $"Partitions have to be numbered from 0, each with the one replica {options.NodeId}.");
        }

        return topic.ReplicationFactor is -1 or 1
            ? AdminResult.Success
            : new(ErrorCode.InvalidReplicationFactor, $"The replication factor is {topic.ReplicationFactor}, but there is 1 broker.");
    }

    private static CreateTopicsResponse.CreatableTopicResult Failure(string name, AdminResult result) => new()
    {
        Name = name,
        ErrorCode = result.Error,
        ErrorMessage = result.Message ?? ErrorCodes.Describe(result.Error),
    };
}
