using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Examples;

/// <summary>What an example needs because its input, unlike a real stream, has an end.</summary>
internal static class ClusterExtensions
{
    private static readonly Dictionary<string, string> KeepForever = new() { ["retention.ms"] = "-1" };

    /// <summary>Creates the topics that are missing.</summary>
    /// <returns>Whether the first one is empty, so that the input is still to be written.</returns>
    public static async Task<bool> CreateTopicsAsync(this ICluster cluster, params string[] topics)
    {
        await cluster.Admin.CreateTopicsAsync(topics.Select(t => new NewTopic(t, Partitions: 4, Configs: KeepForever)), ignoreExisting: true);
        return (await cluster.EndsAsync(topics[0])).Values.Sum() == 0;
    }

    /// <summary>Writes records to a topic; times are in ms since 1970.</summary>
    public static async Task WriteAsync<TKey, TValue>(
        this ICluster cluster, string topic, Serde<TKey> keys, Serde<TValue> values, IEnumerable<(TKey Key, TValue Value, long Time)> records)
    {
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await producer.PartitionsForAsync(topic); // A send that need not ask for them appends before it returns: the order is kept.
        await Task.WhenAll(records.Select(r => producer.SendAsync(topic, r.Key, r.Value, keys, values, r.Time).AsTask()));
    }

    /// <summary>Ends when the application has committed all that its input and repartition topics hold.</summary>
    public static async Task WaitUntilProcessedAsync(this ICluster cluster, StreamsApplication application, Topology topology)
    {
        var id = application.Options.ApplicationId;
        var topics = topology.Subtopologies.SelectMany(s => s.SourceTopics)
            .Select(t => t.IsInternal ? InternalTopics.FullName(id, t.Name) : t.Name).ToArray();
        while (true)
        {
            // Offsets before ends: once a part's input is committed, what it wrote for the next part is complete.
            var committed = await cluster.Admin.ListGroupOffsetsAsync(id);
            if ((await cluster.EndsAsync(topics)).All(end => committed.GetValueOrDefault(end.Key).Offset >= end.Value))
            {
                return;
            }

            await Task.WhenAny(application.Completion, Task.Delay(100));
            if (application.Completion.IsCompleted)
            {
                await application.Completion;
            }
        }
    }

    /// <summary>All records of a topic, from the first to the last of now.</summary>
    public static async Task<IReadOnlyList<ConsumedRecord<TKey, TValue>>> ReadAsync<TKey, TValue>(
        this ICluster cluster, string topic, Serde<TKey> keys, Serde<TValue> values)
    {
        var ends = await cluster.EndsAsync(topic);
        var count = ends.Values.Sum();
        var records = new List<ConsumedRecord<TKey, TValue>>();
        await using var consumer = cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Assign(ends.Keys);
        if (count > 0)
        {
            await foreach (var record in consumer.ConsumeAsync(keys, values))
            {
                records.Add(record);
                if (records.Count == count)
                {
                    break;
                }
            }
        }

        return records;
    }

    private static async Task<Dictionary<TopicPartition, long>> EndsAsync(this ICluster cluster, params string[] topics)
    {
        var described = await cluster.Admin.DescribeTopicsAsync(topics);
        var partitions = described.Values.SelectMany(t => t.Partitions.Select((_, i) => new TopicPartition(t.Name, i)));
        var ends = await cluster.Admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest));
        return ends.ToDictionary(e => e.Key, e => e.Value.Offset);
    }
}
