using System.Runtime.CompilerServices;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.DeadLetters;

/// <summary>Reads a dead-letter topic from given positions to its present end.</summary>
internal static class DeadLetterReader
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>The letters, batch by batch.</summary>
    /// <param name="cluster">Where the topic is.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="group">Whose committed offsets say where to begin; null begins at the beginning.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async IAsyncEnumerable<IReadOnlyList<DeadLetter>> ReadAsync(
        ICluster cluster, string topic, string? group, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var consumer = cluster.CreateConsumer(new ConsumerOptions
        {
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AllowAutoCreateTopics = false,
        });
        var count = (await consumer.PartitionsForAsync(topic, cancellation)).Count;
        var partitions = Enumerable.Range(0, count).Select(p => new TopicPartition(topic, p)).ToList();
        consumer.Assign(partitions);
        var ends = await consumer.EndOffsetsAsync(partitions, cancellation);
        foreach (var partition in partitions)
        {
            await consumer.FindPositionAsync(partition, cancellation);
        }

        while (partitions.Any(p => (consumer.Position(p) ?? 0) < ends[p]))
        {
            using var batch = await consumer.PollAsync(PollTimeout, cancellation);
            if (batch is not null)
            {
                yield return Read(batch);
            }
        }
    }

    private static List<DeadLetter> Read(RecordBatchLease batch)
    {
        var letters = new List<DeadLetter>();
        while (batch.TryRead(out var record))
        {
            letters.Add(new DeadLetter(batch.Partition, in record));
        }

        return letters;
    }
}
