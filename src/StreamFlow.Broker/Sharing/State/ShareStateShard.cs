using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Sharing.State;

/// <summary>
/// The states of share partitions that live in one partition of <c>__share_group_state</c>. A step runs under the lock: it is checked,
/// appended, then taken on; <see cref="FlushAsync"/> ends when what was appended is durable. Created by <see cref="ShareStates"/>; any
/// thread may call, also one that holds a group's or a share partition's lock.
/// </summary>
internal sealed partial class ShareStateShard(
    Partition log, MetadataLog metadata, int updatesPerSnapshot, BrokerClock clock, ILogger logger) : IDisposable, ILogReplay
{
    /// <summary>The start offset of a share partition whose group has yet to begin.</summary>
    private const long NotDecided = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<SharePartitionKey, ShareState> _states = [];
    private readonly RecordBatchBuilder _batch = new();

    /// <summary>Begins a state, or replaces one that is not newer.</summary>
    public ErrorCode Initialize(SharePartitionKey key, int stateEpoch, long startOffset)
    {
        lock (_gate)
        {
            var old = _states.GetValueOrDefault(key);
            if (stateEpoch != -1 && old is not null && old.StateEpoch > stateEpoch)
            {
                return ErrorCode.FencedStateEpoch;
            }

            if (!Exists(key) || startOffset < NotDecided)
            {
                return Exists(key) ? ErrorCode.InvalidRequest : ErrorCode.UnknownTopicOrPartition;
            }

            var now = clock.NowMs;
            return Snapshot(key, new ShareState
            {
                SnapshotEpoch = (old?.SnapshotEpoch ?? -1) + 1,
                StateEpoch = Math.Max(stateEpoch, 0),
                LeaderEpoch = Partition.LeaderEpoch,
                StartOffset = startOffset,
                DoneCount = startOffset == NotDecided ? -1 : 0,
                CreatedMs = now,
            });
        }
    }

    /// <summary>Reads a state for a leader, whose epoch is remembered.</summary>
    /// <param name="key">Of which share partition.</param>
    /// <param name="leaderEpoch">The leader's epoch; -1 when it is not known.</param>
    /// <param name="view">The state, when there is no error.</param>
    public ErrorCode Read(SharePartitionKey key, int leaderEpoch, out ShareStateView? view)
    {
        view = null;
        lock (_gate)
        {
            if (!_states.TryGetValue(key, out var state))
            {
                return Exists(key) ? ErrorCode.InvalidRequest : ErrorCode.UnknownTopicOrPartition;
            }

            if (leaderEpoch != -1 && state.LeaderEpoch > leaderEpoch)
            {
                return ErrorCode.FencedLeaderEpoch;
            }

            if (!Exists(key))
            {
                return ErrorCode.UnknownTopicOrPartition;
            }

            var error = leaderEpoch > state.LeaderEpoch
                ? Append(key, state, new ShareStateChange(-1, leaderEpoch, -1, state.DoneCount, []))
                : ErrorCode.None;
            view = error == ErrorCode.None ? state.View : null;
            return error;
        }
    }

    /// <summary>Looks at a state; null when there is none.</summary>
    public ShareStateView? Find(SharePartitionKey key)
    {
        lock (_gate)
        {
            return _states.GetValueOrDefault(key)?.View;
        }
    }

    /// <summary>Changes a state.</summary>
    public ErrorCode Write(SharePartitionKey key, in ShareStateChange change)
    {
        lock (_gate)
        {
            if (!_states.TryGetValue(key, out var state))
            {
                return Exists(key) ? ErrorCode.InvalidRequest : ErrorCode.UnknownTopicOrPartition;
            }

            var refusal = change.LeaderEpoch != -1 && state.LeaderEpoch > change.LeaderEpoch ? ErrorCode.FencedLeaderEpoch
                : change.StateEpoch != -1 && state.StateEpoch > change.StateEpoch ? ErrorCode.FencedStateEpoch
                : !Exists(key) ? ErrorCode.UnknownTopicOrPartition
                : change.IsSound ? ErrorCode.None : ErrorCode.InvalidRequest;
            return refusal == ErrorCode.None ? Append(key, state, change) : refusal;
        }
    }

    /// <summary>Forgets a state, if there is one.</summary>
    public ErrorCode Delete(SharePartitionKey key)
    {
        lock (_gate)
        {
            var error = _states.ContainsKey(key) ? Append(ShareStateRecords.Tombstone(key), out _) : ErrorCode.None;
            if (error == ErrorCode.None)
            {
                _states.Remove(key);
            }

            return error;
        }
    }

    /// <summary>The share partitions of a topic that have a state.</summary>
    public IReadOnlyList<SharePartitionKey> KeysOf(Guid topicId)
    {
        lock (_gate)
        {
            return [.. _states.Keys.Where(k => k.TopicId == topicId)];
        }
    }

    /// <summary>
    /// Lets go of what the log says of the past. States that have not changed for long would hold it fast, so they are written anew when
    /// others have changed.
    /// </summary>
    /// <param name="coldMs">What counts as long (ms).</param>
    public void Prune(long coldMs)
    {
        lock (_gate)
        {
            var coldest = clock.NowMs - coldMs;
            var cold = _states.Where(s => s.Value.SnapshotMs <= coldest).ToArray();
            foreach (var (key, state) in cold.Length < _states.Count ? cold : [])
            {
                state.SnapshotEpoch++;
                if (Snapshot(key, state) != ErrorCode.None)
                {
                    state.SnapshotEpoch--;
                }
            }

            var needed = _states.Count == 0 ? log.LogEndOffset : _states.Values.Min(s => s.SnapshotAt);
            if (needed > log.LogStartOffset && log.DeleteBefore(needed) is var error && error != ErrorCode.None)
            {
                LogNotPruned(log.Id.Partition, ErrorCodes.Name(error));
            }
        }
    }

    /// <summary>Ends when everything appended so far is durable.</summary>
    public async ValueTask<ErrorCode> FlushAsync() => AsCoordinatorError(await log.FlushAsync().ConfigureAwait(false));

    /// <summary>Rebuilds the states from the log.</summary>
    public void Replay()
    {
        lock (_gate)
        {
            LogReader.Replay(log, this);
            LogReplayed(log.Id.Partition, _states.Count);
        }
    }

    /// <inheritdoc/>
    public void OnRecord(in RecordBatchView batch, in RecordView record)
    {
        var keyBytes = record.Key.ToArray();
        switch (VersionedBytes.ReadRecordType(keyBytes))
        {
            case ShareStateRecords.SnapshotType:
                var key = ShareStateRecords.KeyOf(VersionedBytes.ReadKey<ShareSnapshotKey>(keyBytes));
                if (record.HasValue)
                {
                    var snapshot = VersionedBytes.Read<ShareSnapshotValue>(record.Value.ToArray());
                    _states[key] = ShareStateRecords.Read(snapshot, record.Offset);
                }
                else
                {
                    _states.Remove(key);
                }

                break;
            case ShareStateRecords.UpdateType when record.HasValue:
                var update = VersionedBytes.Read<ShareUpdateValue>(record.Value.ToArray());
                var updated = ShareStateRecords.KeyOf(VersionedBytes.ReadKey<ShareUpdateKey>(keyBytes));
                if (_states.TryGetValue(updated, out var state) && state.SnapshotEpoch == update.SnapshotEpoch)
                {
                    state.Apply(ShareStateRecords.Read(update));
                    state.Updates++;
                }

                break;
            default:
                // A kind of record that this version does not know.
                break;
        }
    }

    /// <inheritdoc/>
    public void OnMarker(long producerId, bool isCommit)
    {
        // Nobody writes transactionally to this topic.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _batch.Dispose();
        }
    }

    private bool Exists(SharePartitionKey key) =>
        metadata.Image.TopicsById.TryGetValue(key.TopicId, out var topic) && key.Partition >= 0 && key.Partition < topic.PartitionCount;

    private ErrorCode Append(SharePartitionKey key, ShareState state, in ShareStateChange change)
    {
        var error = Append(ShareStateRecords.Update(key, state.SnapshotEpoch, change), out _);
        if (error != ErrorCode.None)
        {
            return error;
        }

        state.Apply(change);
        if (++state.Updates >= updatesPerSnapshot)
        {
            state.SnapshotEpoch++;
            if (Snapshot(key, state) != ErrorCode.None)
            {
                // The changes are in the log: the next one tries again.
                state.SnapshotEpoch--;
            }
        }

        return ErrorCode.None;
    }

    private ErrorCode Snapshot(SharePartitionKey key, ShareState state)
    {
        var now = clock.NowMs;
        var error = Append(ShareStateRecords.Snapshot(key, state, now), out var offset);
        if (error == ErrorCode.None)
        {
            (state.SnapshotAt, state.SnapshotMs, state.Updates) = (offset, now, 0);
            _states[key] = state;
        }

        return error;
    }

    private ErrorCode Append(CoordinatorRecord record, out long offset)
    {
        _batch.Reset();
        GroupRecords.Append(_batch, record, clock.NowMs);
        var result = log.Append(_batch.Finish(new RecordBatchOptions()), AppendOrigin.Coordinator);
        offset = result.BaseOffset;
        return AsCoordinatorError(result.Error);
    }

    private static ErrorCode AsCoordinatorError(ErrorCode error) =>
        error == ErrorCode.None ? ErrorCode.None : ErrorCode.CoordinatorNotAvailable;

    [LoggerMessage(EventIds.ShareStatesReplayed, LogLevel.Debug,
        "Loaded {Count} share partitions from partition {Partition} of the share group state")]
    private partial void LogReplayed(int partition, int count);

    [LoggerMessage(EventIds.ShareStatesNotPruned, LogLevel.Warning,
        "Partition {Partition} of the share group state cannot let go of its past: {Error}")]
    private partial void LogNotPruned(int partition, string error);
}
