using StreamFlow.Client.Consuming;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Administration;

/// <inheritdoc cref="IAdmin"/>
internal sealed class AdminClient : IAdmin, IAsyncDisposable
{
    private readonly ChannelSet _channels;
    private readonly OffsetFinder _offsets;
    private readonly TopicAdmin _topics;
    private readonly ConfigAdmin _configs;
    private readonly GroupAdmin _groups;
    private readonly TransactionAdmin _transactions;

    public AdminClient(ClientContext context, MetadataCache metadata)
    {
        _channels = new ChannelSet(context);
        _offsets = new OffsetFinder(context, metadata, _channels);
        var calls = new AdminCalls(context, metadata, _channels);
        _topics = new TopicAdmin(calls);
        _configs = new ConfigAdmin(calls);
        _groups = new GroupAdmin(calls);
        _transactions = new TransactionAdmin(calls);
        Security = new SecurityAdmin(calls);
    }

    public ISecurityAdmin Security { get; }

    public Task<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken = default) =>
        _topics.DescribeClusterAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListTopicsAsync(bool includeInternal = false, CancellationToken cancellationToken = default) =>
        _topics.ListTopicsAsync(includeInternal, cancellationToken);

    public async Task<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(
        IEnumerable<string> topics, CancellationToken cancellationToken = default) =>
        await _topics.DescribeTopicsAsync(topics, cancellationToken).ConfigureAwait(false);

    public Task CreateTopicsAsync(
        IEnumerable<NewTopic> topics, bool ignoreExisting = false, CancellationToken cancellationToken = default) =>
        _topics.CreateTopicsAsync(topics, ignoreExisting, cancellationToken);

    public Task DeleteTopicsAsync(IEnumerable<string> topics, CancellationToken cancellationToken = default) =>
        _topics.DeleteTopicsAsync(topics, cancellationToken);

    public Task CreatePartitionsAsync(IReadOnlyDictionary<string, int> totalCounts, CancellationToken cancellationToken = default) =>
        _topics.CreatePartitionsAsync(totalCounts, cancellationToken);

    public async Task<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> ListOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetSpec> partitions,
        IsolationLevel isolationLevel = IsolationLevel.ReadUncommitted,
        CancellationToken cancellationToken = default) =>
        await _offsets.FindAsync(partitions.ToDictionary(
            p => p.Key, p => p.Value.Timestamp), isolationLevel, cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyDictionary<TopicPartition, long>> DeleteRecordsAsync(
        IReadOnlyDictionary<TopicPartition, long> beforeOffsets, CancellationToken cancellationToken = default) =>
        await _topics.DeleteRecordsAsync(beforeOffsets, cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyDictionary<ConfigResource, IReadOnlyList<ConfigEntry>>> DescribeConfigsAsync(
        IEnumerable<ConfigResource> resources, CancellationToken cancellationToken = default) =>
        await _configs.DescribeAsync(resources, cancellationToken).ConfigureAwait(false);

    public Task AlterConfigsAsync(
        ConfigResource resource, IEnumerable<ConfigChange> changes, CancellationToken cancellationToken = default) =>
        _configs.AlterAsync(resource, changes, cancellationToken);

    public Task<IReadOnlyList<GroupListing>> ListGroupsAsync(CancellationToken cancellationToken = default) =>
        _groups.ListAsync(cancellationToken);

    public async Task<IReadOnlyDictionary<string, GroupDescription>> DescribeGroupsAsync(
        IEnumerable<string> groups, CancellationToken cancellationToken = default) =>
        await _groups.DescribeAsync(groups, cancellationToken).ConfigureAwait(false);

    public Task DeleteGroupsAsync(IEnumerable<string> groups, CancellationToken cancellationToken = default) =>
        _groups.DeleteAsync(groups, cancellationToken);

    public async Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> ListGroupOffsetsAsync(
        string group, IEnumerable<TopicPartition>? partitions = null, bool requireStable = false,
            CancellationToken cancellationToken = default) =>
        await _groups.ListOffsetsAsync(group, partitions, requireStable, cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyDictionary<TopicPartition, ShareGroupOffset>> ListShareGroupOffsetsAsync(
        string group, CancellationToken cancellationToken = default) =>
        await _groups.ListShareOffsetsAsync(group, cancellationToken).ConfigureAwait(false);

    public Task AlterGroupOffsetsAsync(
        string group, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken = default) =>
        _groups.AlterOffsetsAsync(group, offsets, cancellationToken);

    public Task DeleteGroupOffsetsAsync(
        string group, IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default) =>
        _groups.DeleteOffsetsAsync(group, partitions, cancellationToken);

    public Task RemoveGroupMembersAsync(
        string group, IEnumerable<string> groupInstanceIds, CancellationToken cancellationToken = default) =>
        _groups.RemoveMembersAsync(group, groupInstanceIds, cancellationToken);

    public Task<IReadOnlyList<TransactionListing>> ListTransactionsAsync(CancellationToken cancellationToken = default) =>
        _transactions.ListAsync(cancellationToken);

    public async Task<IReadOnlyDictionary<string, TransactionDescription>> DescribeTransactionsAsync(
        IEnumerable<string> transactionalIds, CancellationToken cancellationToken = default) =>
        await _transactions.DescribeAsync(transactionalIds, cancellationToken).ConfigureAwait(false);

    public Task AbortTransactionAsync(string transactionalId, CancellationToken cancellationToken = default) =>
        _transactions.AbortAsync(transactionalId, cancellationToken);

    public ValueTask DisposeAsync() => _channels.DisposeAsync();
}
