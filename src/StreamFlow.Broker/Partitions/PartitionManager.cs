using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Partitions;

/// <summary>
/// The partitions of the broker. It follows the metadata: what a new image has is made, what it lacks is deleted, changed settings are
/// handed on. Created by the broker; lookups from any thread, <see cref="Apply"/> one at a time.
/// </summary>
internal sealed partial class PartitionManager(LogManager logs, BrokerDefaults defaults, ILogger logger)
{
    // By name and then by number, so that a lookup hashes the name only.
    private readonly ConcurrentDictionary<string, Partition?[]> _topics = new(StringComparer.Ordinal);

    public bool TryGet(string topic, int index, [NotNullWhen(true)] out Partition? partition)
    {
        partition = _topics.TryGetValue(topic, out var found) && (uint)index < (uint)found.Length ? found[index] : null;
        return partition is not null;
    }

    /// <summary>Every partition.</summary>
    public IEnumerable<Partition> All() => _topics.Values.SelectMany(p => p).OfType<Partition>();

    /// <summary>Takes over a new image.</summary>
    public void Apply(MetadataImage old, MetadataImage next)
    {
        foreach (var topic in old.TopicsById.Values)
        {
            if (!next.TopicsById.ContainsKey(topic.Id))
            {
                Delete(topic);
            }
        }

        var defaultsChanged = !ReferenceEquals(old.BrokerConfigs, next.BrokerConfigs)
            || !ReferenceEquals(old.NodeConfigs, next.NodeConfigs);
        foreach (var topic in next.Topics.Values)
        {
            old.TopicsById.TryGetValue(topic.Id, out var before);
            if (before is null || before.PartitionCount != topic.PartitionCount)
            {
                Create(topic);
            }

            if (defaultsChanged || (before is not null && !ReferenceEquals(before.Configs, topic.Configs)))
            {
                logs.UpdateConfig(topic.Name, ConfigOf(topic));
            }
        }
    }

    /// <summary>Deletes logs of topics that the metadata does not know: their deletion was cut short by the end of the process.</summary>
    public void DeleteStray(MetadataImage image)
    {
        foreach (var log in logs.Logs)
        {
            var id = log.TopicPartition;
            var isKnown = id.Topic == MetadataLog.TopicName
                || (image.Topics.TryGetValue(id.Topic, out var topic) && topic.Id == log.TopicId && id.Partition < topic.PartitionCount);
            if (!isKnown)
            {
                LogStray(id);
                logs.Delete(id);
            }
        }
    }

    /// <summary>The settings of a topic's logs.</summary>
    public LogConfig ConfigOf(TopicImage topic) => new TopicConfigs(topic.Configs, defaults.Current).ToLogConfig();

    private void Create(TopicImage topic)
    {
        _topics.TryGetValue(topic.Name, out var known);
        var partitions = new Partition?[topic.PartitionCount];
        var config = ConfigOf(topic);
        for (var i = 0; i < partitions.Length; i++)
        {
            partitions[i] = known is not null && i < known.Length ? known[i] : Open(new TopicPartition(topic.Name, i), topic.Id, config);
        }

        _topics[topic.Name] = partitions;
        if (known is null)
        {
            LogCreated(topic.Name, topic.PartitionCount);
        }
    }

    /// <summary>A partition whose log cannot be opened does not exist for clients; the others do.</summary>
    private Partition? Open(TopicPartition id, Guid topicId, LogConfig config)
    {
        try
        {
            var log = logs.GetOrCreate(id, topicId, config);
            log.UpdateConfig(config);
            return new Partition(log, logger);
        }
        catch (StreamFlowException e)
        {
            LogOpenFailed(id, e);
            return null;
        }
    }

    /// <summary>Writes where the logs start, so that deleted records do not come back after a crash.</summary>
    /// <returns>NONE, or KAFKA_STORAGE_ERROR.</returns>
    public ErrorCode CheckpointLogStarts()
    {
        try
        {
            logs.CheckpointLogStarts();
            return ErrorCode.None;
        }
        catch (StorageException e)
        {
            LogCheckpointFailed(logs.Directory, e);
            return ErrorCode.KafkaStorageError;
        }
    }

    private void Delete(TopicImage topic)
    {
        if (!_topics.TryRemove(topic.Name, out var partitions))
        {
            return;
        }

        foreach (var partition in partitions.OfType<Partition>())
        {
            try
            {
                logs.Delete(partition.Id);
            }
            catch (StorageException e)
            {
                // The next start finds the directory without a topic and removes it.
                LogDeleteFailed(partition.Id, e);
            }

            partition.Waiters.CompleteAll();
        }

        LogDeleted(topic.Name);
    }

    [LoggerMessage(EventIds.TopicCreated, LogLevel.Debug, "Topic {Topic} has {Partitions} partitions")]
    private partial void LogCreated(string topic, int partitions);

    [LoggerMessage(EventIds.TopicDeleted, LogLevel.Information, "Deleted topic {Topic}")]
    private partial void LogDeleted(string topic);

    [LoggerMessage(EventIds.StrayLog, LogLevel.Information, "Deleting {Partition}: no topic has it any more")]
    private partial void LogStray(TopicPartition partition);

    [LoggerMessage(EventIds.OpenFailed, LogLevel.Error, "The log of {Partition} cannot be opened; the partition is not served")]
    private partial void LogOpenFailed(TopicPartition partition, Exception exception);

    [LoggerMessage(EventIds.DeleteFailed, LogLevel.Warning, "The files of {Partition} cannot be removed now")]
    private partial void LogDeleteFailed(TopicPartition partition, Exception exception);

    [LoggerMessage(EventIds.CheckpointFailed, LogLevel.Error, "Where the logs start cannot be written in {Directory}")]
    private partial void LogCheckpointFailed(string directory, Exception exception);
}
