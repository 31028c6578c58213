using System.Runtime.CompilerServices;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Configuration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Sql.Execution;

/// <summary>
/// Runs SQL on a cluster: topics are the cluster's, and each query is an application of its own, so that engines on the same
/// cluster share the work of a query. Disposing it closes the producer; queries are the engine's to stop.
/// </summary>
/// <param name="cluster">The cluster; stays the caller's to dispose.</param>
/// <param name="options">Settings of every query; the application id is its prefix.</param>
public sealed class ClusterSqlRuntime(ICluster cluster, StreamsOptions options) : ISqlRuntime, IAsyncDisposable
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(200);

    private readonly Lazy<IProducer> _producer = new(() => cluster.CreateProducer(new ProducerOptions()));

    /// <summary>Raised before a query starts, with the application that will run it.</summary>
    public event Action<SqlTopology, StreamsApplication>? Starting;

    /// <inheritdoc/>
    public async ValueTask<SqlTopic?> FindTopicAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var described = await cluster.Admin.DescribeTopicsAsync([name], cancellationToken).ConfigureAwait(false);
            return described.TryGetValue(name, out var topic)
                ? ToSql(topic) with { Config = await ConfigAsync(name, cancellationToken).ConfigureAwait(false) }
                : null;
        }
        catch (BrokerException e) when (e.ErrorCode is ErrorCode.UnknownTopicOrPartition or ErrorCode.InvalidTopicException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SqlTopic>> ListTopicsAsync(CancellationToken cancellationToken)
    {
        var names = await cluster.Admin.ListTopicsAsync(includeInternal: false, cancellationToken).ConfigureAwait(false);
        var described = await cluster.Admin.DescribeTopicsAsync(names, cancellationToken).ConfigureAwait(false);
        return [.. described.Values.Select(ToSql).OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async ValueTask CreateTopicAsync(SqlTopic topic, CancellationToken cancellationToken)
    {
        var replicas = (short)(topic.Replicas == 0 ? -1 : topic.Replicas);

        // Several engines and workers may run the same statement at once: the topic of the first one is good for all.
        await cluster.Admin
            .CreateTopicsAsync(
                [new NewTopic(topic.Name, topic.Partitions, replicas, topic.Config)], ignoreExisting: true, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTopicAsync(string name, CancellationToken cancellationToken) =>
        await cluster.Admin.DeleteTopicsAsync([name], cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask ProduceAsync(string topic, SqlRecord record, CancellationToken cancellationToken)
    {
        // A bare null would become an empty memory, not a missing one.
        var produced = new ProducerRecord(
            topic,
            record.Key is null ? (ReadOnlyMemory<byte>?)null : new ReadOnlyMemory<byte>(record.Key),
            record.Value is null ? (ReadOnlyMemory<byte>?)null : new ReadOnlyMemory<byte>(record.Value))
        {
            Timestamp = record.Timestamp,
            Headers = record.Headers,
        };
        await _producer.Value.SendAsync(produced, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SqlRecord> ReadAsync(
        string topic, bool fromBeginning, bool untilEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var consumer = cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        await using var owned = consumer.ConfigureAwait(false);
        var partitions = (await consumer.PartitionsForAsync(topic, cancellationToken).ConfigureAwait(false))
            .Select(p => new TopicPartition(topic, p.Partition)).ToArray();
        consumer.Assign(partitions);
        var ends = await consumer.EndOffsetsAsync(partitions, cancellationToken).ConfigureAwait(false);
        var starts = fromBeginning ? await consumer.BeginningOffsetsAsync(partitions, cancellationToken).ConfigureAwait(false) : ends;
        foreach (var (partition, start) in starts)
        {
            consumer.Seek(partition, start);
        }

        while (!untilEnd || ends.Any(e => consumer.Position(e.Key) < e.Value))
        {
            using var batch = await consumer.PollAsync(PollTimeout, cancellationToken).ConfigureAwait(false);
            foreach (var record in Read(batch))
            {
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IRunningTopology> StartAsync(SqlTopology topology, CancellationToken cancellationToken)
    {
        var id = topology.IsTransient
            ? $"{options.ApplicationId}{topology.QueryId}-{Guid.CreateVersion7():N}"
            : options.ApplicationId + topology.QueryId;
        if (!topology.FromBeginning)
        {
            await StartAtEndAsync(id, topology.SourceTopics, cancellationToken).ConfigureAwait(false);
        }

        var application = new StreamsApplication(
            topology.Topology, With(options, topology.Properties) with { ApplicationId = id, Errors = Errors }, cluster);
        try
        {
            Starting?.Invoke(topology, application);
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new ClusterTopology(application, topology, cluster.Admin);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_producer.IsValueCreated)
        {
            await _producer.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether SET of this key changes how a query runs.</summary>
    internal static bool IsQueryProperty(string key) => key is "processing.guarantee" or "commit.interval.ms" or "num.stream.threads"
        or "max.task.idle.ms" or "buffered.records.per.partition" or "replication.factor" or "task.timeout.ms";

    private ErrorHandling Errors => ReferenceEquals(options.Errors, ErrorHandling.Default) ? QueryErrors.Handling : options.Errors;

    private static StreamsOptions With(StreamsOptions options, IReadOnlyDictionary<string, string> properties) =>
        properties.Count == 0 ? options : OptionsBinder.Bind(options with { }, properties, _ => []);

    // The settings that a topic hands on to those made from it.
    private async ValueTask<Dictionary<string, string>> ConfigAsync(string topic, CancellationToken cancellationToken)
    {
        var resource = new ConfigResource(ConfigResourceType.Topic, topic);
        var configs = await cluster.Admin.DescribeConfigsAsync([resource], cancellationToken).ConfigureAwait(false);
        return configs[resource]
            .Where(c => c is { Name: "retention.ms" or "cleanup.policy", Value: not null })
            .ToDictionary(c => c.Name, c => c.Value!, StringComparer.Ordinal);
    }

    private static SqlTopic ToSql(TopicDescription topic) =>
        new(topic.Name, topic.Partitions.Count, topic.Partitions.Count == 0 ? 0 : topic.Partitions[0].Replicas.Count);

    private static List<SqlRecord> Read(RecordBatchLease? batch)
    {
        var records = new List<SqlRecord>();
        while (batch is not null && batch.TryRead(out var record))
        {
            records.Add(new SqlRecord(
                record.HasKey ? record.Key.ToArray() : null,
                record.HasValue ? record.Value.ToArray() : null,
                record.Timestamp,
                record.ReadHeaders())
            {
                Partition = batch.Partition.Partition,
                Offset = record.Offset,
            });
        }

        return records;
    }

    /// <summary>A query that has read nothing yet begins behind what its topics hold now.</summary>
    private async ValueTask StartAtEndAsync(string group, IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var described = await cluster.Admin.DescribeTopicsAsync(topics, cancellationToken).ConfigureAwait(false);
        var partitions = described.Values.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p.Partition))).ToArray();
        var known = await cluster.Admin.ListGroupOffsetsAsync(
            group, partitions, cancellationToken: cancellationToken).ConfigureAwait(false);
        var unknown = partitions.Where(p => !known.ContainsKey(p)).ToDictionary(p => p, _ => OffsetSpec.Latest);
        if (unknown.Count == 0)
        {
            return;
        }

        var ends = await cluster.Admin.ListOffsetsAsync(unknown, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            await cluster.Admin
                .AlterGroupOffsetsAsync(group, ends.ToDictionary(e => e.Key, e => new OffsetAndMetadata(e.Value.Offset)), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (BrokerException e) when (e.ErrorCode is ErrorCode.UnknownMemberId or ErrorCode.NonEmptyGroup or ErrorCode.IllegalGeneration)
        {
            // Another worker of the same query was first and has joined already: it has set them.
        }
    }
}
