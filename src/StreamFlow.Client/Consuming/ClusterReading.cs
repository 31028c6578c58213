using System.Runtime.CompilerServices;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>Reading what a topic holds now, without a group.</summary>
public static class ClusterReading
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The records of a topic from the first one to the end it has when the reading begins; those of open and aborted transactions are left
    /// out. The order of a partition is kept.
    /// </summary>
    /// <typeparam name="TKey">The key's type.</typeparam>
    /// <typeparam name="TValue">The value's type.</typeparam>
    /// <param name="cluster">Where the topic is.</param>
    /// <param name="topic">The topic; it must exist.</param>
    /// <param name="keySerde">Reads keys.</param>
    /// <param name="valueSerde">Reads values.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="Core.Errors.SerializationException">Bytes are not such a key or value.</exception>
    public static async IAsyncEnumerable<ConsumedRecord<TKey, TValue>> ReadToEndAsync<TKey, TValue>(
        this ICluster cluster,
        string topic,
        Serde<TKey> keySerde,
        Serde<TValue> valueSerde,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var described = await cluster.Admin.DescribeTopicsAsync([topic], cancellationToken).ConfigureAwait(false);
        var partitions = Enumerable.Range(0, described[topic].Partitions.Count).Select(p => new TopicPartition(topic, p)).ToList();
        var consumer = cluster.CreateConsumer(new ConsumerOptions
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted,
        });
        await using var closing = consumer.ConfigureAwait(false);
        consumer.Assign(partitions);
        consumer.SeekToBeginning(partitions);
        var ends = await consumer.EndOffsetsAsync(partitions, cancellationToken).ConfigureAwait(false);
        while (partitions.Exists(p => (consumer.Position(p) ?? 0) < ends.GetValueOrDefault(p)))
        {
            using var batch = await consumer.PollAsync(PollTimeout, cancellationToken).ConfigureAwait(false);
            while (batch is not null && ConsumerExtensions.TryRead(batch, keySerde, valueSerde, out var record))
            {
                if (record!.Offset < ends.GetValueOrDefault(batch.Partition))
                {
                    yield return record;
                }
            }
        }
    }
}
