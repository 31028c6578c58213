using StreamFlow.Client;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.DeadLetters;

/// <summary>
/// Puts dead letters back into the topics they came from, each once: what was replayed is remembered as committed offsets of the group
/// <c>streamflow-replay-TOPIC</c>, in the transaction that replays it. Who runs it again replays only what is new.
/// </summary>
internal static class DeadLetterReplay
{
    /// <summary>The group that remembers how far a topic was replayed.</summary>
    public static string GroupOf(string topic) => "streamflow-replay-" + topic;

    /// <summary>Replays what was not replayed before.</summary>
    /// <param name="cluster">Where the topics are.</param>
    /// <param name="topic">The dead-letter topic.</param>
    /// <param name="target">The topic to write to; null for the one each letter came from.</param>
    /// <param name="cancellation">Ends it between two transactions.</param>
    /// <returns>How many letters went to which topic.</returns>
    public static async Task<SortedDictionary<string, int>> RunAsync(
        ICluster cluster, string topic, string? target, CancellationToken cancellation)
    {
        var group = GroupOf(topic);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await using var producer = cluster.CreateProducer(new ProducerOptions { TransactionalId = group });
        await producer.InitTransactionsAsync(cancellation);
        await foreach (var letters in DeadLetterReader.ReadAsync(cluster, topic, group, cancellation))
        {
            producer.BeginTransaction();
            await Task.WhenAll(letters.Select(letter => SendAsync(producer, letter, target)));
            var last = letters[^1];
            var offsets = new Dictionary<TopicPartition, OffsetAndMetadata> { [last.Partition] = new(last.Offset + 1, "") };
            await producer.SendOffsetsToTransactionAsync(offsets, new ConsumerGroupMetadata(group), CancellationToken.None);
            await producer.CommitTransactionAsync(CancellationToken.None);
            foreach (var letter in letters)
            {
                var name = target ?? letter.SourceTopic!;
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }

        return counts;
    }

    private static Task<RecordMetadata> SendAsync(IProducer producer, DeadLetter letter, string? target)
    {
        var topic = target ?? letter.SourceTopic ?? throw new Shell.UsageException(
            $"{letter.Partition} offset {letter.Offset} does not say which topic it came from; name one with --to");
        return producer.SendAsync(new ProducerRecord(topic, letter.Key, letter.Value)
        {
            Partition = target is null ? letter.SourcePartitionNumber : null,
            Timestamp = letter.Timestamp,
            Headers = letter.OwnHeaders,
        }).AsTask();
    }
}
