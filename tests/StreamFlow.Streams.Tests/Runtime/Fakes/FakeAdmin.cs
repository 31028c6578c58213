using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Tests.Runtime.Fakes;

/// <summary>The admin client of the fake cluster: topics and offsets.</summary>
internal sealed class FakeAdmin(FakeCluster cluster) : IAdmin
{
    public ISecurityAdmin Security => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ListTopicsAsync(bool includeInternal = false, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<string>>([.. cluster.Topics.Keys]);

    public Task<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(IEnumerable<string> topics, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyDictionary<string, TopicDescription>>(topics.Where(cluster.Topics.ContainsKey).ToDictionary(
            t => t, t => new TopicDescription(t, Guid.Empty, false, FakeConsumer.PartitionsOf(cluster, t))));

    public Task CreateTopicsAsync(IEnumerable<NewTopic> topics, bool ignoreExisting = false, CancellationToken cancellationToken = default)
    {
        foreach (var topic in topics)
        {
            cluster.CreateTopic(topic.Name, topic.Partitions);
            cluster.Configs[topic.Name] = topic.Configs;
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> ListOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetSpec> partitions,
        IsolationLevel isolationLevel = IsolationLevel.ReadUncommitted,
        CancellationToken cancellationToken = default)
    {
        lock (cluster.Gate)
        {
            return Task.FromResult<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>>(partitions.ToDictionary(
                p => p.Key, p => new OffsetAndTimestamp(p.Value == OffsetSpec.Earliest ? 0 : cluster[p.Key].End, -1)));
        }
    }

    public Task<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task DeleteTopicsAsync(IEnumerable<string> topics, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CreatePartitionsAsync(IReadOnlyDictionary<string, int> totalCounts, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<TopicPartition, long>> DeleteRecordsAsync(
        IReadOnlyDictionary<TopicPartition, long> beforeOffsets, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<ConfigResource, IReadOnlyList<ConfigEntry>>> DescribeConfigsAsync(
        IEnumerable<ConfigResource> resources, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task AlterConfigsAsync(ConfigResource resource, IEnumerable<ConfigChange> changes, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<GroupListing>> ListGroupsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, GroupDescription>> DescribeGroupsAsync(IEnumerable<string> groups, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task DeleteGroupsAsync(IEnumerable<string> groups, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<TopicPartition, ShareGroupOffset>> ListShareGroupOffsetsAsync(
        string group, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> ListGroupOffsetsAsync(
        string group, IEnumerable<TopicPartition>? partitions = null, bool requireStable = false, CancellationToken cancellationToken = default)
    {
        lock (cluster.Gate)
        {
            return Task.FromResult<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>>(
                cluster.Committed.Where(c => partitions?.Contains(c.Key) ?? true).ToDictionary());
        }
    }

    public Task AlterGroupOffsetsAsync(
        string group, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task DeleteGroupOffsetsAsync(string group, IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task RemoveGroupMembersAsync(string group, IEnumerable<string> groupInstanceIds, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<TransactionListing>> ListTransactionsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, TransactionDescription>> DescribeTransactionsAsync(
        IEnumerable<string> transactionalIds, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task AbortTransactionAsync(string transactionalId, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
