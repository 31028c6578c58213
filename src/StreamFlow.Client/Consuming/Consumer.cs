using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using StreamFlow.Client.Groups;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <inheritdoc cref="IConsumer"/>
internal sealed class Consumer : IConsumer
{
    private readonly ClientContext _context;
    private readonly MetadataCache _metadata;
    private readonly ConsumerOptions _options;
    private readonly Action<Consumer> _onDisposed;
    private readonly ChannelSet _channels;
    private readonly PartitionTable _table;
    private readonly AsyncSignal _changed = new();
    private readonly Fetcher _fetcher;
    private readonly OffsetFinder _offsets;
    private readonly PositionFinder _positions;
    private readonly TruncationFinder _truncations;
    private readonly MemberIdentity? _identity;
    private readonly CoordinatorLink? _coordinator;
    private readonly GroupOffsets? _groupOffsets;
    private readonly AutoCommit? _autoCommit;
    private readonly Func<ValueTask> _beforeRevoke;
    private SubscribedTopics? _subscription;
    private IGroupMembership? _member;
    private IRebalanceListener? _listener;
    private bool _isAssignedByHand;
    private int _wakeups;
    private int _isDisposed;

    public Consumer(ClientContext context, MetadataCache metadata, ConsumerOptions options, Action<Consumer> onDisposed)
    {
        _context = context;
        _metadata = metadata;
        _options = options;
        _onDisposed = onDisposed;
        _beforeRevoke = BeforeRevokeAsync;
        _channels = new ChannelSet(context);
        _table = new PartitionTable(context.Options.Memory[MemoryUse.Fetch], options.ReuseBatches ? RecordBatchLease.NewPool() : null);
        _fetcher = new Fetcher(context, metadata, _channels, options, _table, _changed);
        _offsets = new OffsetFinder(context, metadata, _channels);
        _truncations = new TruncationFinder(context, metadata, _channels, options, _table, _changed);
        if (options.GroupId is { } group)
        {
            _identity = new MemberIdentity(group, options.GroupInstanceId);
            _coordinator = new CoordinatorLink(metadata, _channels, CoordinatorKind.Group, group, Lane.General);
            _groupOffsets = new GroupOffsets(context, _coordinator, IsGroupOfBroker ? _identity : null);
            _autoCommit = options.EnableAutoCommit ? new AutoCommit(context, options, _table, _groupOffsets, _identity) : null;
        }

        _positions = new PositionFinder(options, _table, _offsets, _groupOffsets, _changed);
    }

    public IReadOnlyCollection<TopicPartition> Assignment => _table.Partitions;

    public IReadOnlyCollection<string> Subscription => _subscription?.Current ?? [];

    public IReadOnlyCollection<TopicPartition> Paused => _table.Paused;

    public ConsumerGroupMetadata GroupMetadata => RequireGroup().Current;

    public void Subscribe(IEnumerable<string> topics, IRebalanceListener? listener = null) =>
        Subscribe(new SubscribedTopics(_context, _metadata, [.. topics.Distinct(
            StringComparer.Ordinal)], null, _options.MetadataMaxAge, _changed), listener);

    public void Subscribe(Regex pattern, IRebalanceListener? listener = null) =>
        Subscribe(new SubscribedTopics(_context, _metadata, [], pattern, _options.MetadataMaxAge, _changed), listener);

    public void Subscribe(SubscriptionPattern pattern, IRebalanceListener? listener = null)
    {
        if (!IsGroupOfBroker)
        {
            throw new InvalidOperationException(
                "only groups with group.protocol=consumer evaluate patterns on the broker: set it, or subscribe with a Regex");
        }

        Subscribe(
            new SubscribedTopics(_context, _metadata, [], null, _options.MetadataMaxAge, _changed, pattern.Expression), listener);
    }

    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        CheckOpen();
        if (_subscription is not null)
        {
            throw new InvalidOperationException("the consumer has a subscription: unsubscribe before assigning by hand");
        }

        IReadOnlyCollection<TopicPartition> list = [.. partitions.Distinct()];
        foreach (var partition in list)
        {
            _metadata.Remember(partition.Topic);
        }

        _isAssignedByHand = list.Count > 0;
        _table.Assign(list);
        _fetcher.Wake();
    }

    public async ValueTask UnsubscribeAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        await LeaveGroupAsync(cancellationToken).ConfigureAwait(false);
        _table.Assign([]);
        _isAssignedByHand = false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordBatchLease?> PollAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        CheckOpen();
        var start = _context.Clock.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_autoCommit is not null)
            {
                await _autoCommit.CommitIfDueAsync(cancellationToken).ConfigureAwait(false);
            }

            await StepGroupAsync(cancellationToken).ConfigureAwait(false);
            var isFinding = _positions.Step() | _truncations.Step();
            if (_table.TakeBatch(_options.CheckCrcs) is { } lease)
            {
                _fetcher.Wake();
                return lease;
            }

            var lacksLeader = _fetcher.Wake();
            if (lacksLeader)
            {
                if (_metadata.Failure is { } failure)
                {
                    throw failure;
                }

                _metadata.RequestRefresh();
            }

            var left = timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : timeout - _context.Clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || Interlocked.Exchange(ref _wakeups, 0) > 0)
            {
                return null;
            }

            // Leaders and topics can appear without anybody signalling it.
            var look = lacksLeader || isFinding || _subscription is { HasMissing: true }
                ? _context.Options.RetryBackoff
                : _context.Options.RetryBackoffMax;
            await _changed.WaitAsync(left < look ? left : look, _context.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Wakeup()
    {
        Interlocked.Exchange(ref _wakeups, 1);
        _changed.Set();
    }

    public void RequestRebalance() => _member?.RequestRejoin();

    public void Pause(IEnumerable<TopicPartition> partitions) => SetPaused(partitions, true);

    public void Resume(IEnumerable<TopicPartition> partitions) => SetPaused(partitions, false);

    public void Seek(TopicPartition partition, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        _table.With(partition, s =>
        {
            s.Seek(offset);
            return true;
        });
        _fetcher.Wake();
    }

    public void SeekToBeginning(IEnumerable<TopicPartition> partitions) => LookFor(partitions, PositionSource.Beginning);

    public void SeekToEnd(IEnumerable<TopicPartition> partitions) => LookFor(partitions, PositionSource.End);

    public long? Position(TopicPartition partition) => _table.With(partition, s => s.Position);

    public async ValueTask<long> FindPositionAsync(TopicPartition partition, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_table.With(partition, s => s.Error is { } e ? throw e : s.Position) is { } position)
            {
                return position;
            }

            _positions.Step();
            await _changed.WaitAsync(_context.Options.RetryBackoff, _context.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public long? EndOffset(TopicPartition partition) => _table.With(partition, s => s.EndOffset);

    public async Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> CommittedAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default)
    {
        var group = RequireGroup().Current.GroupId;
        return await _groupOffsets!.FetchAsync(group, [.. partitions], requireStable: true, cancellationToken).ConfigureAwait(false);
    }

    public Task CommitAsync(CancellationToken cancellationToken = default) => CommitAsync(_table.Positions(), cancellationToken);

    public Task CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken = default)
    {
        CheckOpen();
        var identity = RequireGroup().Current;

        // A subscriber that has lost its place may not commit as if it were an outsider of the group.
        return _subscription is not null && identity.GenerationId < 0
            ? Task.FromException(new CommitFailedException(ErrorCode.UnknownMemberId, $"commit offsets of group '{identity.GroupId}'"))
            : _groupOffsets!.CommitAsync(offsets, _identity!, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> OffsetsForTimesAsync(
        IReadOnlyDictionary<TopicPartition, long> timestamps, CancellationToken cancellationToken = default) =>
        await _offsets.FindAsync(timestamps, _options.IsolationLevel, cancellationToken).ConfigureAwait(false);

    public Task<IReadOnlyDictionary<TopicPartition, long>> BeginningOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default) =>
            EdgesAsync(partitions, -2, cancellationToken);

    public Task<IReadOnlyDictionary<TopicPartition, long>> EndOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default) =>
            EdgesAsync(partitions, -1, cancellationToken);

    public async ValueTask<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(
        string topic, CancellationToken cancellationToken = default) =>
        (await _metadata.GetTopicAsync(
            topic, _options.AllowAutoCreateTopics, _context.Options.ApiTimeout, cancellationToken).ConfigureAwait(false)).Partitions;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        try
        {
            if (_autoCommit is not null && _isAssignedByHand)
            {
                await _autoCommit.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            }

            await LeaveGroupAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            await _positions.DisposeAsync().ConfigureAwait(false);
            await _truncations.DisposeAsync().ConfigureAwait(false);
            await _fetcher.DisposeAsync().ConfigureAwait(false);
            _table.Assign([]);
            await _channels.DisposeAsync().ConfigureAwait(false);
            _onDisposed(this);
        }
    }

    private bool IsGroupOfBroker => _options.GroupProtocol == GroupProtocol.Consumer;

    private void Subscribe(SubscribedTopics subscription, IRebalanceListener? listener)
    {
        CheckOpen();
        RequireGroup();
        if (_isAssignedByHand)
        {
            throw new InvalidOperationException("the consumer is assigned by hand: unsubscribe before subscribing");
        }

        _subscription = subscription;
        _listener = listener;
        _member?.RequestRejoin();
    }

    private async ValueTask StepGroupAsync(CancellationToken cancellationToken)
    {
        if (_subscription is not { } subscription || !subscription.Step())
        {
            return;
        }

        _member ??= IsGroupOfBroker
            ? new ConsumerGroupMember(_context, _metadata, _options, _table, _identity!, _coordinator!, _changed)
            : new GroupMember(_context, _metadata, _channels, _options, _table, _identity!, _coordinator!, _changed);
        if (_member.IsStable && subscription.HasChanged(_member.AssignedCounts))
        {
            _member.RequestRejoin();
        }

        await _member.StepAsync(subscription, new(_listener, _beforeRevoke, cancellationToken)).ConfigureAwait(false);
        subscription.Taken();
    }

    private async ValueTask BeforeRevokeAsync()
    {
        if (_autoCommit is not null)
        {
            await _autoCommit.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask LeaveGroupAsync(CancellationToken cancellationToken)
    {
        var member = _member;
        _member = null;
        _subscription = null;
        if (member is not null)
        {
            try
            {
                await member.LeaveAsync(new(_listener, _beforeRevoke, cancellationToken)).ConfigureAwait(false);
            }
            finally
            {
                await member.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private void SetPaused(IEnumerable<TopicPartition> partitions, bool isPaused)
    {
        if (partitions is IReadOnlyList<TopicPartition> list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                _table.SetPaused(list[i], isPaused);
            }
        }
        else
        {
            foreach (var partition in partitions)
            {
                _table.SetPaused(partition, isPaused);
            }
        }

        _fetcher.Wake();
    }

    private void LookFor(IEnumerable<TopicPartition> partitions, PositionSource source)
    {
        foreach (var partition in partitions)
        {
            _table.With(partition, s =>
            {
                s.LookFor(source);
                return true;
            });
        }
    }

    private async Task<IReadOnlyDictionary<TopicPartition, long>> EdgesAsync(
        IEnumerable<TopicPartition> partitions, long edge, CancellationToken cancellationToken)
    {
        var found = await _offsets.FindAsync(partitions.ToDictionary(
            p => p, _ => edge), _options.IsolationLevel, cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(p => p.Key, p => p.Value.Offset);
    }

    private MemberIdentity RequireGroup() => _identity ?? throw new InvalidOperationException("the consumer has no group.id");

    private void CheckOpen() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
}
