using System.Buffers.Binary;
using System.Text.RegularExpressions;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Tests.Runtime.Fakes;

/// <summary>A consumer of the fake cluster, with the parts of the interface that the runtime uses.</summary>
internal sealed class FakeConsumer(FakeCluster cluster, ConsumerOptions options) : IConsumer
{
    private const int RecordsPerBatch = 7;

    private readonly SortedDictionary<TopicPartition, long> _positions = [];
    private readonly HashSet<TopicPartition> _paused = [];
    private IRebalanceListener? _listener;
    private string[] _topics = [];
    private bool _isLost;
    private int _turn;

    public string MemberId { get; private set; } = "";

    public int Generation { get; private set; } = -1;

    public IPartitionAssignor Assignor => options.Assignors[0];

    /// <summary>What the group gave it, to be taken at the next poll.</summary>
    public MemberAssignment? Pending { get; set; }

    public IReadOnlyCollection<TopicPartition> Assignment => [.. _positions.Keys];

    public IReadOnlyCollection<string> Subscription => _topics;

    public IReadOnlyCollection<TopicPartition> Paused => _paused;

    public ConsumerGroupMetadata GroupMetadata => new(options.GroupId!, Generation, MemberId);

    private bool ReadsCommitted => options.IsolationLevel == IsolationLevel.ReadCommitted;

    public static IReadOnlyList<PartitionMetadata> PartitionsOf(FakeCluster cluster, string topic) =>
        [.. cluster.Topics[topic].Select((_, i) => new PartitionMetadata(i, 0, 0, [0], [0]))];

    /// <summary>The group throws this member out, as when its heartbeats stop.</summary>
    public void Lose()
    {
        lock (cluster.Gate)
        {
            cluster.Group.Leave(this);
            _isLost = true;
            cluster.Group.Rebalance(cluster);
        }
    }

    public void Subscribe(IEnumerable<string> topics, IRebalanceListener? listener = null)
    {
        _topics = [.. topics];
        _listener = listener;
        lock (cluster.Gate)
        {
            MemberId = cluster.Group.Join(this);
            cluster.Group.Rebalance(cluster);
        }
    }

    public void Subscribe(Regex pattern, IRebalanceListener? listener = null) =>
        Subscribe(cluster.Topics.Keys.Where(t => pattern.IsMatch(t)), listener);

    public void Subscribe(SubscriptionPattern pattern, IRebalanceListener? listener = null) =>
        throw new NotSupportedException("patterns of the broker");

    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        var wanted = partitions.ToHashSet();
        foreach (var gone in _positions.Keys.Where(p => !wanted.Contains(p)).ToList())
        {
            _positions.Remove(gone);
        }

        foreach (var added in wanted)
        {
            _positions.TryAdd(added, 0);
        }
    }

    public async ValueTask<RecordBatchLease?> PollAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        await RejoinAsync(cancellationToken);
        lock (cluster.Gate)
        {
            var partitions = _positions.Keys.Where(p => !_paused.Contains(p)).ToList();
            for (var i = 0; i < partitions.Count; i++)
            {
                var partition = partitions[(_turn + i) % partitions.Count];
                if (Fetch(partition) is { } batch)
                {
                    _turn++;
                    return batch;
                }
            }
        }

        if (timeout > TimeSpan.Zero)
        {
            await Task.Delay(1, cancellationToken);
        }

        return null;
    }

    public void Pause(IEnumerable<TopicPartition> partitions) => _paused.UnionWith(partitions);

    public void Resume(IEnumerable<TopicPartition> partitions) => _paused.ExceptWith(partitions);

    public void Seek(TopicPartition partition, long offset)
    {
        Assert.True(_positions.ContainsKey(partition), $"{partition} is not assigned");
        _positions[partition] = offset;
    }

    public void SeekToBeginning(IEnumerable<TopicPartition> partitions) => partitions.ToList().ForEach(p => Seek(p, 0));

    public void SeekToEnd(IEnumerable<TopicPartition> partitions) => partitions.ToList().ForEach(p => Seek(p, cluster[p].End));

    public long? Position(TopicPartition partition) => _positions.TryGetValue(partition, out var position) ? position : null;

    public ValueTask<long> FindPositionAsync(TopicPartition partition, CancellationToken cancellationToken = default) => new(_positions[partition]);

    public long? EndOffset(TopicPartition partition)
    {
        lock (cluster.Gate)
        {
            return EndOf(partition);
        }
    }

    public Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> CommittedAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default)
    {
        lock (cluster.Gate)
        {
            return Task.FromResult<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>>(
                partitions.Where(cluster.Committed.ContainsKey).ToDictionary(p => p, p => cluster.Committed[p]));
        }
    }

    public Task CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken = default)
    {
        lock (cluster.Gate)
        {
            cluster.ThrowIfAsked();
            if (!cluster.Group.IsCurrent(GroupMetadata) && _isLost)
            {
                throw new CommitFailedException(StreamFlow.Core.Errors.ErrorCode.UnknownMemberId, "commit offsets");
            }

            foreach (var (partition, offset) in offsets)
            {
                cluster.Committed[partition] = offset;
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<TopicPartition, long>> EndOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default)
    {
        lock (cluster.Gate)
        {
            return Task.FromResult<IReadOnlyDictionary<TopicPartition, long>>(partitions.ToDictionary(p => p, EndOf));
        }
    }

    public ValueTask<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(string topic, CancellationToken cancellationToken = default) =>
        new(PartitionsOf(cluster, topic));

    public void Wakeup()
    {
    }

    public void RequestRebalance() => throw new NotSupportedException();

    public ValueTask UnsubscribeAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CommitAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> OffsetsForTimesAsync(
        IReadOnlyDictionary<TopicPartition, long> timestamps, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<TopicPartition, long>> BeginningOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        lock (cluster.Gate)
        {
            if (_listener is not null && !_isLost)
            {
                cluster.Group.Leave(this);
                cluster.Group.Rebalance(cluster);
            }

            _positions.Clear();
        }

        return ValueTask.CompletedTask;
    }

    private long EndOf(TopicPartition partition) => ReadsCommitted ? cluster[partition].StableEnd : cluster[partition].End;

    private async ValueTask RejoinAsync(CancellationToken cancellationToken)
    {
        if (_isLost)
        {
            var lost = Assignment;
            _positions.Clear();
            (_isLost, Pending) = (false, null);
            await _listener!.OnLostAsync(lost, cancellationToken);
            Subscribe(_topics, _listener);
        }

        if (Pending is not { } assignment)
        {
            return;
        }

        Pending = null;
        Generation = cluster.Group.Generation;
        Assignor.OnAssignment(assignment, GroupMetadata);
        var given = assignment.Partitions;
        var revoked = _positions.Keys.Except(given).ToList();
        if (revoked.Count > 0)
        {
            await _listener!.OnRevokedAsync(revoked, cancellationToken);
            revoked.ForEach(p => _positions.Remove(p));
        }

        var added = given.Where(p => !_positions.ContainsKey(p)).ToList();
        lock (cluster.Gate)
        {
            added.ForEach(p => _positions[p] = cluster.Committed.TryGetValue(p, out var offset) ? offset.Offset : 0);
        }

        await _listener!.OnAssignedAsync(added, cancellationToken);
        if (revoked.Count > 0)
        {
            lock (cluster.Gate)
            {
                cluster.Group.Rebalance(cluster);
            }
        }
    }

    private RecordBatchLease? Fetch(TopicPartition partition)
    {
        var from = _positions[partition];
        var end = EndOf(partition);
        var log = cluster[partition].Records;
        var start = log.FindIndex(r => r.Offset >= from && r.Offset < end);
        if (start < 0)
        {
            _positions[partition] = Math.Max(from, end);
            return null;
        }

        var records = log.Skip(start).TakeWhile(r => r.Offset < end).Take(RecordsPerBatch).ToList();
        _positions[partition] = records[^1].Offset + 1;
        var visible = records.Where(r => !ReadsCommitted || r.Transaction is null or { Committed: true }).ToList();
        return visible.Count == 0 ? null : Lease(partition, visible, from, end);
    }

    private static RecordBatchLease Lease(TopicPartition partition, List<FakeRecord> records, long from, long end)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var record in records)
        {
            builder.AppendAt(
                (int)(record.Offset - records[0].Offset), record.Timestamp, record.Key is not null, record.Key, record.Value is not null, record.Value,
                record.Headers);
        }

        var bytes = builder.Finish(new RecordBatchOptions()).ToArray();
        BinaryPrimitives.WriteInt64BigEndian(bytes, records[0].Offset);
        Assert.True(RecordBatchView.TryRead(bytes, out var view));
        return new RecordBatchLease(partition, in view, bytes.AsMemory(RecordBatch.HeaderSize), from, end, null);
    }
}
