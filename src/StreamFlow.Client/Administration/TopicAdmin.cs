using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Administration;

/// <summary>The admin calls about topics and their records.</summary>
internal sealed class TopicAdmin(AdminCalls calls)
{
    // From version 6 on topics can be named by id too.
    private const short NewestDeleteByName = 5;

    public async Task<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken)
    {
        await calls.RetryAsync(
            async token =>
            {
                await calls.Metadata.RefreshAsync(calls.Metadata.Current.Generation, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        var cluster = calls.Metadata.Current;
        return new(cluster.ClusterId, cluster.ControllerId, [.. cluster.Brokers.Values.OrderBy(b => b.Id)]);
    }

    public async Task<IReadOnlyList<string>> ListTopicsAsync(bool includeInternal, CancellationToken cancellationToken) =>
        [.. (await calls.Metadata.ListTopicsAsync(cancellationToken).ConfigureAwait(false))
            .Where(t => includeInternal || !t.IsInternal).Select(t => t.Name).Order(StringComparer.Ordinal)];

    public Task<Dictionary<string, TopicDescription>> DescribeTopicsAsync(
        IEnumerable<string> topics, CancellationToken cancellationToken) =>
        calls.RetryAsync(
            async token =>
            {
                var cluster = await calls.Metadata.DescribeAsync(topics, token).ConfigureAwait(false);
                var known = cluster.Topics.Values.Where(t => t.Error != ErrorCode.UnknownTopicOrPartition).ToList();
                return known.Find(t => t.Error != ErrorCode.None) is { } bad
                    ? throw new BrokerException(bad.Error, $"describe topic '{bad.Name}'")
                    : known.ToDictionary(t => t.Name, t => new TopicDescription(
                        t.Name, t.TopicId, t.IsInternal, t.Partitions), StringComparer.Ordinal);
            },
            cancellationToken);

    public async Task CreateTopicsAsync(IEnumerable<NewTopic> topics, bool ignoreExisting, CancellationToken cancellationToken)
    {
        var request = new CreateTopicsRequest { TimeoutMs = calls.TimeoutMs, Topics = [.. topics.Select(ToCreatable)] };
        if (request.Topics.Count == 0)
        {
            return;
        }

        await calls.AnyAsync(
            request,
            a => AdminCalls.FirstError(
                a.Topics,
                t => ignoreExisting && t.ErrorCode == ErrorCode.TopicAlreadyExists ? ErrorCode.None : t.ErrorCode,
                t => $"create topic '{t.Name}'",
                t => t.ErrorMessage),
            cancellationToken).ConfigureAwait(false);
        await WaitUntilUsableAsync([.. request.Topics.Select(t => t.Name)], cancellationToken).ConfigureAwait(false);
    }

    public async Task DeleteTopicsAsync(IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        var request = new DeleteTopicsRequest { TimeoutMs = calls.TimeoutMs, TopicNames = [.. topics] };
        if (request.TopicNames.Count == 0)
        {
            return;
        }

        // A topic that does not exist is an error here, not something to wait for.
        var answer = await calls.AnyAsync(request, _ => null, cancellationToken, NewestDeleteByName).ConfigureAwait(false);
        calls.Metadata.Forget(request.TopicNames);
        if (AdminCalls.FirstError(answer.Responses, t => t.ErrorCode, t => $"delete topic '{t.Name}'", t => t.ErrorMessage) is { } error)
        {
            throw error;
        }
    }

    public async Task CreatePartitionsAsync(IReadOnlyDictionary<string, int> totalCounts, CancellationToken cancellationToken)
    {
        var request = new CreatePartitionsRequest
        {
            TimeoutMs = calls.TimeoutMs,
            Topics = [.. totalCounts.Select(
                t => new CreatePartitionsRequest.CreatePartitionsTopic { Name = t.Key, Count = t.Value, Assignments = null })],
        };
        await calls.AnyAsync(
            request,
            a => AdminCalls.FirstError(
                a.Results, t => t.ErrorCode, t => $"grow topic '{t.Name}' to {totalCounts[t.Name]} partitions", t => t.ErrorMessage),
            cancellationToken).ConfigureAwait(false);
        calls.Metadata.RequestRefresh();
    }

    public async Task<Dictionary<TopicPartition, long>> DeleteRecordsAsync(
        IReadOnlyDictionary<TopicPartition, long> beforeOffsets, CancellationToken cancellationToken)
    {
        foreach (var topic in beforeOffsets.Keys.Select(p => p.Topic).Distinct(StringComparer.Ordinal))
        {
            await calls.Metadata.GetTopicAsync(
                topic, mayCreate: false, calls.Context.Options.ApiTimeout, cancellationToken).ConfigureAwait(false);
        }

        return await calls.RetryAsync(
            async token =>
            {
                await calls.Metadata.RefreshAsync(calls.Metadata.Current.Generation, token).ConfigureAwait(false);
                return await DeleteAtLeadersAsync(beforeOffsets, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<Dictionary<TopicPartition, long>> DeleteAtLeadersAsync(
        IReadOnlyDictionary<TopicPartition, long> beforeOffsets, CancellationToken cancellationToken)
    {
        var cluster = calls.Metadata.Current;
        var result = new Dictionary<TopicPartition, long>();
        foreach (var group in beforeOffsets.GroupBy(p => cluster.LeaderOf(p.Key)))
        {
            var request = new DeleteRecordsRequest
            {
                TimeoutMs = calls.TimeoutMs,
                Topics =
                [
                    .. group.GroupBy(p => p.Key.Topic, StringComparer.Ordinal).Select(t => new DeleteRecordsRequest.DeleteRecordsTopic
                    {
                        Name = t.Key,
                        Partitions = [.. t.Select(
                            p => new DeleteRecordsRequest.DeleteRecordsPartition { PartitionIndex = p.Key.Partition, Offset = p.Value })],
                    }),
                ],
            };
            var answer = (await calls.Channels.Get(
                cluster, group.Key, Lane.General).SendAsync(request, cancellationToken).ConfigureAwait(false)).Message;
            foreach (var (name, partition) in answer.Topics.SelectMany(t => t.Partitions.Select(p => (t.Name, p))))
            {
                result[new(name, partition.PartitionIndex)] = partition.ErrorCode == ErrorCode.None
                    ? partition.LowWatermark
                    : throw new BrokerException(partition.ErrorCode, $"delete records of {name}-{partition.PartitionIndex}");
            }
        }

        return result;
    }

    /// <summary>A broker may list a new topic a moment before all of its partitions have leaders.</summary>
    private Task<bool> WaitUntilUsableAsync(List<string> topics, CancellationToken cancellationToken) => calls.RetryAsync(
        async token =>
        {
            var cluster = await calls.Metadata.DescribeAsync(topics, token).ConfigureAwait(false);
            var lacking = topics.Find(t => !cluster.Topics.TryGetValue(t, out var topic)
                || topic.Error != ErrorCode.None || Array.Exists(topic.Partitions, p => p.Leader < 0));
            return lacking is null ? true : throw new BrokerException(ErrorCode.LeaderNotAvailable, $"wait for the new topic '{lacking}'");
        },
        cancellationToken);

    private static CreateTopicsRequest.CreatableTopic ToCreatable(NewTopic topic)
    {
        TopicName.Check(topic.Name);
        return new()
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = topic.ReplicationFactor,
            Configs = topic.Configs?.Select(
                c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Key, Value = c.Value }).ToList() ?? [],
        };
    }
}
