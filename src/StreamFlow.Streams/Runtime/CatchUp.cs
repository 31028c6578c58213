using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime;

/// <summary>Follows how far all instances of an application have committed what its topics hold.</summary>
internal sealed class CatchUp(Topology topology, string applicationId, ICluster cluster, TimeProvider clock)
{
    /// <summary>Behind the last record of a partition there may be as many markers of transactions; they are not processed.</summary>
    private const long MostMarkers = 16;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Ends when everything that the inputs hold now is processed, and what became of it in internal topics too. What is written meanwhile
    /// is not waited for, so the wait ends although the input does not.
    /// </summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var goal = await EndsAsync(onlyInternal: false, cancellationToken).ConfigureAwait(false);
        for (var passed = 0; passed <= topology.RepartitionTopics.Count; passed++)
        {
            await ReachAsync(goal, cancellationToken).ConfigureAwait(false);

            // Once the input of a part is committed, what it wrote for the next part is complete.
            var next = await EndsAsync(onlyInternal: true, cancellationToken).ConfigureAwait(false);
            if (next.All(end => goal.GetValueOrDefault(end.Key) == end.Value))
            {
                return;
            }

            goal = next;
        }
    }

    private async Task ReachAsync(IReadOnlyDictionary<TopicPartition, long> goal, CancellationToken cancellationToken)
    {
        var open = goal.Where(g => g.Value > 0).ToDictionary();
        while (true)
        {
            var committed = await cluster.Admin.ListGroupOffsetsAsync(applicationId, open.Keys, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            foreach (var (partition, end) in open.ToList())
            {
                var offset = committed.TryGetValue(partition, out var found) ? found.Offset : -1;
                if (offset >= end || (offset >= end - MostMarkers && offset >= 0
                    && await IsOnlyMarkersAsync(partition, offset, end, cancellationToken).ConfigureAwait(false)))
                {
                    open.Remove(partition);
                }
            }

            if (open.Count == 0)
            {
                return;
            }

            await Task.Delay(LookInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsOnlyMarkersAsync(TopicPartition partition, long from, long end, CancellationToken cancellationToken)
    {
        var consumer = cluster.CreateConsumer(new ConsumerOptions { IsolationLevel = IsolationLevel.ReadCommitted });
        await using var closing = consumer.ConfigureAwait(false);
        consumer.Assign([partition]);
        consumer.Seek(partition, from);
        for (var look = 0; look < 3 && (consumer.Position(partition) ?? from) < end; look++)
        {
            using var batch = await consumer.PollAsync(LookInterval, cancellationToken).ConfigureAwait(false);
            if (batch is not null)
            {
                return batch.FirstOffset >= end;
            }
        }

        return (consumer.Position(partition) ?? from) >= end;
    }

    /// <summary>The ends of the topics that the application reads, or only of those that it writes itself.</summary>
    private async Task<IReadOnlyDictionary<TopicPartition, long>> EndsAsync(bool onlyInternal, CancellationToken cancellationToken)
    {
        var existing = topology.Subtopologies.Any(p => p.SourcePatterns.Count > 0) && !onlyInternal
            ? await cluster.Admin.ListTopicsAsync(cancellationToken: cancellationToken).ConfigureAwait(false)
            : [];
        var names = onlyInternal
            ? topology.RepartitionTopics.Select(t => InternalTopics.FullName(applicationId, t.Name))
            : topology.Subtopologies.SelectMany(p => PartitionPlan.SourceNames(p, applicationId, existing));
        var described = await cluster.Admin.DescribeTopicsAsync(names.Distinct(StringComparer.Ordinal), cancellationToken)
            .ConfigureAwait(false);
        var partitions = described.Values.SelectMany(t => t.Partitions.Select((_, i) => new TopicPartition(t.Name, i)));
        var ends = await cluster.Admin.ListOffsetsAsync(
            partitions.ToDictionary(p => p, _ => OffsetSpec.Latest), cancellationToken: cancellationToken).ConfigureAwait(false);
        return ends.ToDictionary(e => e.Key, e => e.Value.Offset);
    }
}
