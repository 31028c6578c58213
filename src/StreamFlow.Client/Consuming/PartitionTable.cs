using StreamFlow.Client.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>The assigned partitions. The application's calls and the fetchers meet here; every member takes the gate.</summary>
internal sealed class PartitionTable(MemoryShare memory, ObjectPool<RecordBatchLease>? leases = null)
{
    private readonly Dictionary<TopicPartition, PartitionState> _states = [];
    private List<PartitionState> _order = [];
    private TopicPartition[] _partitions = [];
    private StreamFlowException? _failure;
    private bool _hasUnchecked;
    private int _turn;

    public Lock Gate { get; } = new();

    /// <summary>Whether a fetcher has met a partition whose leader may not hold what was read.</summary>
    public bool HasUnchecked => Volatile.Read(ref _hasUnchecked);

    /// <summary>Where the leases of batches come from; null to make new ones.</summary>
    public ObjectPool<RecordBatchLease>? Leases { get; } = leases;

    /// <summary>What fetches bring.</summary>
    public ObjectPool<FetchedSlice> Slices { get; } = FetchedSlice.NewPool();

    /// <summary>The assigned partitions; a later assignment is another array.</summary>
    public TopicPartition[] Partitions => Volatile.Read(ref _partitions);

    /// <summary>The states of the assigned partitions, for a caller that holds <see cref="Gate"/>.</summary>
    public List<PartitionState> States => _order;

    public IReadOnlyCollection<TopicPartition> Paused
    {
        get
        {
            lock (Gate)
            {
                return [.. _order.Where(s => s.IsPaused).Select(s => s.Partition)];
            }
        }
    }

    /// <summary>Makes these the assigned partitions; those that stay keep their state.</summary>
    public void Assign(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (Gate)
        {
            foreach (var gone in _states.Keys.Except(partitions).ToList())
            {
                _states.Remove(gone, out var state);
                state!.Drop();
                state.Memory.Dispose();
            }

            foreach (var partition in partitions)
            {
                if (!_states.ContainsKey(partition))
                {
                    _states.Add(partition, new PartitionState(partition, memory.Claim()));
                }
            }

            _order = [.. _states.Values];
            Volatile.Write(ref _partitions, [.. _states.Keys]);
        }
    }

    public bool Contains(TopicPartition partition)
    {
        lock (Gate)
        {
            return _states.ContainsKey(partition);
        }
    }

    /// <summary>Does something with the partition's state.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public T With<T>(TopicPartition partition, Func<PartitionState, T> action)
    {
        lock (Gate)
        {
            return _states.TryGetValue(partition, out var state)
                ? action(state)
                : throw NotAssigned(partition);
        }
    }

    /// <summary>The state of a partition, for a caller that holds <see cref="Gate"/>; null when it is not assigned any more.</summary>
    public PartitionState? Find(TopicPartition partition) => _states.GetValueOrDefault(partition);

    /// <summary>Stops or starts handing out and fetching a partition.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public void SetPaused(TopicPartition partition, bool isPaused)
    {
        lock (Gate)
        {
            (Find(partition) ?? throw NotAssigned(partition)).IsPaused = isPaused;
        }
    }

    /// <summary>Does something with the state, if the partition is still assigned.</summary>
    public void IfAssigned(TopicPartition partition, Action<PartitionState> action)
    {
        lock (Gate)
        {
            if (_states.TryGetValue(partition, out var state))
            {
                action(state);
            }
        }
    }

    /// <summary>The partitions without a position, with what to look for; null when there are none.</summary>
    public List<(TopicPartition Partition, PositionSource Source, int Version)>? WithoutPosition()
    {
        List<(TopicPartition, PositionSource, int)>? found = null;
        lock (Gate)
        {
            foreach (var state in _order)
            {
                if (state.Position is null && state.Error is null)
                {
                    (found ??= []).Add((state.Partition, state.Source, state.Version));
                }
            }
        }

        return found;
    }

    /// <summary>A fetcher that holds <see cref="Gate"/> has met a partition whose leader may not hold what was read.</summary>
    /// <returns>Whether that is news.</returns>
    public bool NoteUnchecked()
    {
        var isNews = !_hasUnchecked;
        Volatile.Write(ref _hasUnchecked, true);
        return isNews;
    }

    /// <summary>The partitions whose leader is to be asked whether it holds what was read.</summary>
    public List<EpochCheck> TakeUnchecked(ClusterSnapshot cluster)
    {
        List<EpochCheck> found = [];
        lock (Gate)
        {
            Volatile.Write(ref _hasUnchecked, false);
            foreach (var state in _order)
            {
                if (state is { Position: not null, Error: null } && cluster.Find(state.Partition) is { Leader: >= 0 } partition
                    && !state.IsCheckedAt(partition.LeaderEpoch))
                {
                    found.Add(new(
                        new(state.Partition, state.FetchOffset, state.Version, partition.LeaderEpoch), state.FetchEpoch));
                }
            }
        }

        return found;
    }

    /// <summary>The known positions.</summary>
    public Dictionary<TopicPartition, OffsetAndMetadata> Positions()
    {
        lock (Gate)
        {
            return _order.Where(s => s.Position is not null)
                .ToDictionary(s => s.Partition, s => new OffsetAndMetadata(s.Position!.Value, LeaderEpoch: s.PositionEpoch));
        }
    }

    /// <summary>Has the next poll throw the error.</summary>
    public void Fail(StreamFlowException error)
    {
        lock (Gate)
        {
            _failure = error;
        }
    }

    /// <summary>The next batch, from each partition in turn.</summary>
    /// <exception cref="StreamFlowException">A partition cannot be read.</exception>
    public RecordBatchLease? TakeBatch(bool checkCrc)
    {
        lock (Gate)
        {
            if (_failure is { } failure)
            {
                _failure = null;
                throw failure;
            }

            for (var i = 0; i < _order.Count; i++)
            {
                _turn = (_turn + 1) % _order.Count;
                var state = _order[_turn];
                if (!state.IsPaused && state.Position is not null && state.HasFetched && state.TakeBatch(checkCrc) is { } lease)
                {
                    return lease;
                }

                // It is of what would be fetched next: what was fetched before comes first.
                if (!state.HasFetched && state.Error is { } error)
                {
                    state.Error = null;
                    throw error;
                }
            }

            return null;
        }
    }

    private static InvalidOperationException NotAssigned(TopicPartition partition) =>
        new($"{partition} is not assigned to this consumer");
}
