using StreamFlow.Client.Consuming;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Administration;

/// <summary>
/// Looks at a cluster and changes it. Thread safe. Every method retries what can be retried until the request timeout and throws
/// <see cref="BrokerException"/> with the first error of what it was asked for.
/// </summary>
public interface IAdmin
{
    /// <summary>Users, ACLs and quotas.</summary>
    ISecurityAdmin Security { get; }

    /// <summary>The brokers of the cluster.</summary>
    Task<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken = default);

    /// <summary>The names of all topics.</summary>
    /// <param name="includeInternal">Whether the broker's own topics are listed too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<string>> ListTopicsAsync(bool includeInternal = false, CancellationToken cancellationToken = default);

    /// <summary>Describes topics; those that do not exist are missing from the result.</summary>
    Task<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(
        IEnumerable<string> topics, CancellationToken cancellationToken = default);

    /// <summary>Creates topics.</summary>
    /// <param name="topics">The topics.</param>
    /// <param name="ignoreExisting">Whether a topic that exists is fine as it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task CreateTopicsAsync(IEnumerable<NewTopic> topics, bool ignoreExisting = false, CancellationToken cancellationToken = default);

    /// <summary>Deletes topics.</summary>
    Task DeleteTopicsAsync(IEnumerable<string> topics, CancellationToken cancellationToken = default);

    /// <summary>Grows topics to the number of partitions given.</summary>
    Task CreatePartitionsAsync(IReadOnlyDictionary<string, int> totalCounts, CancellationToken cancellationToken = default);

    /// <summary>Finds offsets; partitions where no record matches are missing from the result.</summary>
    Task<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> ListOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetSpec> partitions,
        IsolationLevel isolationLevel = IsolationLevel.ReadUncommitted,
        CancellationToken cancellationToken = default);

    /// <summary>Deletes all records below the given offsets; -1 is the high watermark.</summary>
    /// <returns>The oldest offset of each partition afterwards.</returns>
    Task<IReadOnlyDictionary<TopicPartition, long>> DeleteRecordsAsync(
        IReadOnlyDictionary<TopicPartition, long> beforeOffsets, CancellationToken cancellationToken = default);

    /// <summary>The settings of resources.</summary>
    Task<IReadOnlyDictionary<ConfigResource, IReadOnlyList<ConfigEntry>>> DescribeConfigsAsync(
        IEnumerable<ConfigResource> resources, CancellationToken cancellationToken = default);

    /// <summary>Changes the named settings of a resource and leaves the others.</summary>
    Task AlterConfigsAsync(ConfigResource resource, IEnumerable<ConfigChange> changes, CancellationToken cancellationToken = default);

    /// <summary>All groups of the cluster.</summary>
    Task<IReadOnlyList<GroupListing>> ListGroupsAsync(CancellationToken cancellationToken = default);

    /// <summary>Describes groups; a group that does not exist has the state Dead.</summary>
    Task<IReadOnlyDictionary<string, GroupDescription>> DescribeGroupsAsync(
        IEnumerable<string> groups, CancellationToken cancellationToken = default);

    /// <summary>Deletes groups that have no members, with their offsets.</summary>
    Task DeleteGroupsAsync(IEnumerable<string> groups, CancellationToken cancellationToken = default);

    /// <summary>The committed offsets of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="partitions">The partitions; null for all that have an offset.</param>
    /// <param name="requireStable">Whether to wait for transactions that change the offsets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> ListGroupOffsetsAsync(
        string group, IEnumerable<TopicPartition>? partitions = null, bool requireStable = false,
            CancellationToken cancellationToken = default);

    /// <summary>Where a share group is in the partitions of the topics it has read; such a group commits no offsets.</summary>
    /// <exception cref="Core.Errors.BrokerException">There is no share group of the name.</exception>
    Task<IReadOnlyDictionary<TopicPartition, ShareGroupOffset>> ListShareGroupOffsetsAsync(
        string group, CancellationToken cancellationToken = default);

    /// <summary>Sets committed offsets of a group that has no members.</summary>
    Task AlterGroupOffsetsAsync(
        string group, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken = default);

    /// <summary>Deletes committed offsets of topics that no member subscribes to.</summary>
    Task DeleteGroupOffsetsAsync(string group, IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default);

    /// <summary>Removes static members from a group before their session ends.</summary>
    Task RemoveGroupMembersAsync(string group, IEnumerable<string> groupInstanceIds, CancellationToken cancellationToken = default);

    /// <summary>All transactional ids of the cluster.</summary>
    Task<IReadOnlyList<TransactionListing>> ListTransactionsAsync(CancellationToken cancellationToken = default);

    /// <summary>Describes transactional ids; those that do not exist are missing from the result.</summary>
    Task<IReadOnlyDictionary<string, TransactionDescription>> DescribeTransactionsAsync(
        IEnumerable<string> transactionalIds, CancellationToken cancellationToken = default);

    /// <summary>Aborts the open transaction of a transactional id by taking the id over: its producer is fenced.</summary>
    Task AbortTransactionAsync(string transactionalId, CancellationToken cancellationToken = default);
}
