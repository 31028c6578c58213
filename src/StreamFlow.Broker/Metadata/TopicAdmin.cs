using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Metadata;

/// <summary>Creates, grows and deletes topics by changing the metadata log. Any thread may call.</summary>
/// <param name="metadata">The log to change.</param>
/// <param name="options">Defaults and what is allowed.</param>
/// <param name="newTopicId">Makes topic ids.</param>
internal sealed class TopicAdmin(MetadataLog metadata, BrokerOptions options, Func<Guid> newTopicId)
{
    /// <summary>The most partitions that one change may add, as in Kafka: each costs files, and others wait meanwhile.</summary>
    private const int MaxNewPartitions = 10_000;

    private static AdminResult TooManyPartitions => new(
        ErrorCode.PolicyViolation, $"Excessively large number of partitions per request: at most {MaxNewPartitions} are added at once.");

    /// <summary>Creates a topic.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="partitions">-1 for the broker's default.</param>
    /// <param name="configs">Settings of its own; null values are left out.</param>
    /// <param name="validateOnly">Check, but change nothing.</param>
    public async ValueTask<AdminResult> CreateAsync(
        string name, int partitions, IReadOnlyDictionary<string, string> configs, bool validateOnly)
    {
        var count = partitions == -1 ? options.NumPartitions : partitions;
        if (CheckNew(name, count, configs) is { IsSuccess: false } invalid)
        {
            return invalid;
        }

        var result = AdminResult.Success;
        var error = await metadata.ChangeAsync(image =>
        {
            result = CheckFree(image, name);
            return validateOnly || !result.IsSuccess ? [] : RecordsOfNew(name, newTopicId(), count, configs);
        }).ConfigureAwait(false);
        return error == ErrorCode.None ? result : new AdminResult(error, "the metadata log cannot be written; see the broker's log");
    }

    /// <summary>Deletes a topic.</summary>
    public async ValueTask<AdminResult> DeleteAsync(string? name, Guid topicId)
    {
        if (!options.DeleteTopicEnable)
        {
            return new AdminResult(ErrorCode.TopicDeletionDisabled);
        }

        var result = AdminResult.Success;
        var error = await metadata.ChangeAsync(image =>
        {
            var topic = name is not null ? image.Topics.GetValueOrDefault(name) : image.TopicsById.GetValueOrDefault(topicId);
            if (topic is null)
            {
                result = new AdminResult(name is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition);
                return [];
            }

            if (topic.IsInternal)
            {
                result = new AdminResult(ErrorCode.InvalidTopicException, $"'{topic.Name}' belongs to the broker and cannot be deleted");
                return [];
            }

            return [new RemoveTopicRecord { TopicId = topic.Id }];
        }).ConfigureAwait(false);
        return error == ErrorCode.None ? result : new AdminResult(error);
    }

    /// <summary>Adds partitions to a topic.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="count">How many it is to have.</param>
    /// <param name="assigned">How many of the new ones have replicas chosen by hand; null when that is left to the broker.</param>
    /// <param name="validateOnly">Check, but change nothing.</param>
    public async ValueTask<AdminResult> GrowAsync(string name, int count, int? assigned, bool validateOnly)
    {
        var result = AdminResult.Success;
        var error = await metadata.ChangeAsync(image =>
        {
            if (!image.Topics.TryGetValue(name, out var topic))
            {
                result = new AdminResult(ErrorCode.UnknownTopicOrPartition);
                return [];
            }

            if (count - topic.PartitionCount > MaxNewPartitions)
            {
                result = TooManyPartitions;
                return [];
            }

            if (count <= topic.PartitionCount)
            {
                result = new AdminResult(
                    ErrorCode.InvalidPartitions,
                    $"{name} has {topic.PartitionCount} partitions: {count} cannot be asked for, only more.");
                return [];
            }

            if (assigned is { } chosen && chosen != count - topic.PartitionCount)
            {
                result = new AdminResult(
                    ErrorCode.InvalidReplicaAssignment, $"{count - topic.PartitionCount} partitions are new, and {chosen} have replicas.");
                return [];
            }

            return validateOnly
                ? []
                : [.. Enumerable.Range(topic.PartitionCount, count - topic.PartitionCount).Select(p => Partition(topic.Id, p))];
        }).ConfigureAwait(false);
        return error == ErrorCode.None ? result : new AdminResult(error);
    }

    private static AdminResult CheckNew(string name, int partitions, IReadOnlyDictionary<string, string> configs)
    {
        if (TopicName.WhyInvalid(name) is { } reason)
        {
            return new AdminResult(ErrorCode.InvalidTopicException, reason);
        }

        if (partitions <= 0)
        {
            return new AdminResult(ErrorCode.InvalidPartitions, $"Number of partitions must be larger than 0, not {partitions}.");
        }

        if (partitions > MaxNewPartitions)
        {
            return TooManyPartitions;
        }

        return TopicSettings.Check([.. configs], configs);
    }

    /// <summary>Metrics treat '.' and '_' alike, so two names that differ only there would collide.</summary>
    private static AdminResult CheckFree(MetadataImage image, string name)
    {
        if (image.Topics.ContainsKey(name))
        {
            return new AdminResult(ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        }

        if (!name.Contains('.', StringComparison.Ordinal) && !name.Contains('_', StringComparison.Ordinal))
        {
            return AdminResult.Success;
        }

        var folded = name.Replace('.', '_');
        foreach (var other in image.Topics.Keys)
        {
            if (other.Length == name.Length && other.Replace('.', '_') == folded)
            {
                return new AdminResult(ErrorCode.InvalidTopicException, $"Topic '{name}' collides with existing topic: {other}");
            }
        }

        return AdminResult.Success;
    }

    private IReadOnlyList<IVersioned> RecordsOfNew(string name, Guid id, int partitions, IReadOnlyDictionary<string, string> configs) =>
    [
        new TopicRecord { Name = name, TopicId = id },
        .. Enumerable.Range(0, partitions).Select(p => Partition(id, p)),
        .. configs.Select(c => Config(MetadataRecords.TopicResource, name, c.Key, c.Value)),
    ];

    private PartitionRecord Partition(Guid topicId, int partition) => new()
    {
        PartitionId = partition,
        TopicId = topicId,
        Replicas = [options.NodeId],
        Isr = [options.NodeId],
        Leader = options.NodeId,
    };

    private static ConfigRecord Config(sbyte resourceType, string resourceName, string key, string? value) =>
        new() { ResourceType = resourceType, ResourceName = resourceName, Name = key, Value = value };
}
