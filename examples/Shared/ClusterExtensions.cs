using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;

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
        return await cluster.CountAsync(topics[0]) == 0;
    }

    /// <summary>Writes records to a topic; times are in ms since 1970.</summary>
    public static async Task WriteAsync<TKey, TValue>(
        this ICluster cluster, string topic, Serde<TKey> keys, Serde<TValue> values, IEnumerable<(TKey Key, TValue Value, long Time)> records)
    {
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await producer.PartitionsForAsync(topic); // A send that need not ask for them appends before it returns: the order is kept.
        await Task.WhenAll(records.Select(r => producer.SendAsync(topic, r.Key, r.Value, keys, values, r.Time).AsTask()));
    }

    private static async Task<long> CountAsync(this ICluster cluster, string topic)
    {
        var partitions = (await cluster.Admin.DescribeTopicsAsync([topic]))[topic].Partitions.Select((_, i) => new TopicPartition(topic, i));
        var ends = await cluster.Admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest));
        return ends.Values.Sum(e => e.Offset);
    }
}
