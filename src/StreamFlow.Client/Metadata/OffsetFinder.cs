using StreamFlow.Client.Consuming;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Metadata;

/// <summary>Asks the leaders of partitions for offsets by timestamp (ListOffsets), again after leaders have moved.</summary>
internal sealed class OffsetFinder(ClientContext context, MetadataCache metadata, ChannelSet channels)
{
    // Version 11 asks about tiered storage only.
    private const short NewestNeeded = 10;

    /// <summary>Finds the offsets; partitions without a matching record are missing.</summary>
    /// <param name="timestamps">ms since 1970, or -1 for the end, -2 for the oldest record, -3 for the largest timestamp.</param>
    /// <param name="isolationLevel">Whether the end is the last stable offset.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Dictionary<TopicPartition, OffsetAndTimestamp>> FindAsync(
        IReadOnlyDictionary<TopicPartition, long> timestamps, IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        var found = new Dictionary<TopicPartition, OffsetAndTimestamp>();
        var missing = new Dictionary<TopicPartition, long>(timestamps);
        foreach (var topic in timestamps.Keys.Select(p => p.Topic).Distinct(StringComparer.Ordinal))
        {
            await metadata.GetTopicAsync(topic, mayCreate: false, context.Options.ApiTimeout, cancellationToken).ConfigureAwait(false);
        }

        await context.Backoff.RetryAsync(
            async token =>
            {
                var seen = metadata.Current.Generation;
                try
                {
                    await AskLeadersAsync(missing, found, isolationLevel, token).ConfigureAwait(false);
                }
                catch (StreamFlowException e) when (e.IsRetriable)
                {
                    await metadata.RefreshAsync(seen, token).ConfigureAwait(false);
                    throw;
                }
            },
            context.Options.ApiTimeout,
            cancellationToken).ConfigureAwait(false);
        return found;
    }

    private async Task AskLeadersAsync(
        Dictionary<TopicPartition, long> missing, Dictionary<TopicPartition, OffsetAndTimestamp> found, IsolationLevel isolationLevel,
            CancellationToken cancellationToken)
    {
        var cluster = metadata.Current;
        StreamFlowException? error = null;
        foreach (var group in missing.GroupBy(p => cluster.LeaderOf(p.Key)).ToList())
        {
            try
            {
                var request = ToRequest(group, isolationLevel);
                var reply = await channels.Get(
                    cluster, group.Key, Lane.General).SendAsync(request, cancellationToken, NewestNeeded).ConfigureAwait(false);
                error = Take(reply.Message, missing, found) ?? error;
            }
            catch (StreamFlowException e) when (e.IsRetriable)
            {
                error ??= e;
            }
        }

        if (error is not null)
        {
            throw error;
        }
    }

    private ListOffsetsRequest ToRequest(IEnumerable<KeyValuePair<TopicPartition, long>> partitions, IsolationLevel isolationLevel) => new()
    {
        ReplicaId = -1,
        IsolationLevel = (sbyte)isolationLevel,
        TimeoutMs = (int)context.Options.RequestTimeout.TotalMilliseconds,
        Topics =
        [
            .. partitions.GroupBy(p => p.Key.Topic, StringComparer.Ordinal).Select(t => new ListOffsetsRequest.ListOffsetsTopic
            {
                Name = t.Key,
                Partitions = [.. t.Select(
                    p => new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = p.Key.Partition, Timestamp = p.Value })],
            }),
        ],
    };

    private static BrokerException? Take(
        ListOffsetsResponse response, Dictionary<TopicPartition, long> missing, Dictionary<TopicPartition, OffsetAndTimestamp> found)
    {
        BrokerException? error = null;
        foreach (var topic in response.Topics)
        {
            foreach (var answer in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Name, answer.PartitionIndex);
                if (answer.ErrorCode != ErrorCode.None)
                {
                    var failure = new BrokerException(answer.ErrorCode, $"find an offset of {partition}");
                    error = failure.IsRetriable ? error ?? failure : throw failure;
                    continue;
                }

                missing.Remove(partition);
                if (answer.Offset >= 0)
                {
                    found[partition] = new(answer.Offset, answer.Timestamp, answer.LeaderEpoch);
                }
            }
        }

        return error;
    }
}
