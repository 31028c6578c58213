using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;

namespace StreamFlow.Processes.Tests;

internal static class ClusterExtensions
{
    private static readonly Dictionary<string, string> KeepForever = new() { ["retention.ms"] = "-1" };

    public static Task CreateTopicsAsync(this ICluster cluster, int partitions, params string[] topics) =>
        cluster.Admin.CreateTopicsAsync(topics.Select(t => new NewTopic(t, partitions, 1, KeepForever)), ignoreExisting: true);

    public static IEnumerable<TopicPartition> Partitions(string topic, int count) =>
        Enumerable.Range(0, count).Select(p => new TopicPartition(topic, p));

    public static async Task<Dictionary<TopicPartition, long>> EndsAsync(this ICluster cluster, string topic, int partitions)
    {
        var ends = await cluster.Admin.ListOffsetsAsync(
            Partitions(topic, partitions).ToDictionary(p => p, _ => OffsetSpec.Latest), IsolationLevel.ReadUncommitted);
        return ends.ToDictionary(e => e.Key, e => e.Value.Offset);
    }

    /// <summary>The committed records of partitions, from given offsets (none: the beginning) to their present ends.</summary>
    public static async Task<List<ConsumedRecord<string, TValue>>> ReadAsync<TValue>(
        this ICluster cluster, Serde<TValue> values, Dictionary<TopicPartition, long> from)
    {
        await using var consumer = cluster.CreateConsumer(new ConsumerOptions
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted,
        });
        consumer.Assign(from.Keys);
        foreach (var (partition, offset) in from)
        {
            consumer.Seek(partition, offset);
        }

        var ends = await consumer.EndOffsetsAsync(from.Keys);
        var records = new List<ConsumedRecord<string, TValue>>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (from.Keys.Any(p => (consumer.Position(p) ?? 0) < ends[p]))
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromMilliseconds(50), patience.Token);
            while (batch is not null && batch.TryRead(out var view))
            {
                var topic = batch.Partition.Topic;
                records.Add(new(
                    batch.Partition, view.Offset, view.Timestamp,
                    view.HasKey ? Serdes.String.Deserialize(view.Key, SerdeContext.ForKey(topic)) : null,
                    view.HasValue ? values.Deserialize(view.Value, SerdeContext.ForValue(topic)) : default,
                    view.HasKey, view.HasValue, view.ReadHeaders()));
            }
        }

        return records;
    }
}
