using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// Asks new leaders whether their logs hold what was read of the old ones, before anything is fetched of them (KIP-320). Where a log was
/// cut, the partition goes on at the first offset that may differ, or fails when the reset policy is none. One round at a time.
/// </summary>
internal sealed class TruncationFinder(
    ClientContext context, MetadataCache metadata, ChannelSet channels, ConsumerOptions options, PartitionTable table, AsyncSignal found)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private Task _round = Task.CompletedTask;
    private int _failures;

    /// <summary>Starts a round if one is needed.</summary>
    /// <returns>Whether one is going on.</returns>
    public bool Step()
    {
        if (!_round.IsCompleted)
        {
            return true;
        }

        if (!table.HasUnchecked)
        {
            return false;
        }

        var cluster = metadata.Current;
        var waiting = table.TakeUnchecked(cluster);
        if (waiting.Count == 0)
        {
            return false;
        }

        Begin(cluster, waiting);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _round.ConfigureAwait(false);
        _closing.Dispose();
    }

    // Apart from the above, or every poll would pay for the closure.
    private void Begin(ClusterSnapshot cluster, List<EpochCheck> waiting) => _round = Task.Run(() => AskAsync(cluster, waiting));

    private async Task AskAsync(ClusterSnapshot cluster, List<EpochCheck> checks)
    {
        try
        {
            var isDone = true;
            foreach (var leader in checks.GroupBy(c => cluster.LeaderOf(c.Partition)))
            {
                isDone &= await TryAskAsync(cluster, leader.Key, [.. leader]).ConfigureAwait(false);
            }

            _failures = isDone ? 0 : _failures + 1;
            if (!isDone)
            {
                metadata.RequestRefresh();
                await context.Backoff.WaitAsync(_failures - 1, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closing.
        }
#pragma warning disable CA1031 // the application hears of it, whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            table.Fail(Unexpected.In("asking leaders where their epochs end", e));
        }

        found.Set();
    }

    /// <summary>False when something has to be asked again.</summary>
    private async Task<bool> TryAskAsync(ClusterSnapshot cluster, int leader, List<EpochCheck> checks)
    {
        try
        {
            var reply = await channels.Get(cluster, leader, Lane.General)
                .SendAsync(ToRequest(checks), _closing.Token).ConfigureAwait(false);
            return Take(reply.Message, checks.ToDictionary(c => c.Partition));
        }
        catch (BrokerException e) when (e.ErrorCode == ErrorCode.UnsupportedVersion)
        {
            // A broker that cannot tell is believed, as by clients that never ask.
            checks.ForEach(c => Settle(c, state => state.SetChecked(c.Asked.LeaderEpoch)));
            return true;
        }
        catch (StreamFlowException e) when (e.IsRetriable)
        {
            return false;
        }
    }

    private static OffsetForLeaderEpochRequest ToRequest(List<EpochCheck> checks) => new()
    {
        ReplicaId = -1,
        Topics =
        [
            .. checks.GroupBy(c => c.Partition.Topic, StringComparer.Ordinal).Select(
                t => new OffsetForLeaderEpochRequest.OffsetForLeaderTopic
                {
                    Topic = t.Key,
                    Partitions =
                    [
                        .. t.Select(c => new OffsetForLeaderEpochRequest.OffsetForLeaderPartition
                        {
                            Partition = c.Partition.Partition,
                            CurrentLeaderEpoch = c.Asked.LeaderEpoch,
                            LeaderEpoch = c.Epoch,
                        }),
                    ],
                }),
        ],
    };

    private bool Take(OffsetForLeaderEpochResponse response, Dictionary<TopicPartition, EpochCheck> checks)
    {
        var isDone = true;
        foreach (var topic in response.Topics)
        {
            foreach (var answer in topic.Partitions)
            {
                if (checks.TryGetValue(new TopicPartition(topic.Topic, answer.Partition), out var check))
                {
                    isDone &= Take(answer, check);
                }
            }
        }

        return isDone;
    }

    private bool Take(OffsetForLeaderEpochResponse.EpochEndOffset answer, EpochCheck check)
    {
        if (answer.ErrorCode != ErrorCode.None)
        {
            var error = new BrokerException(answer.ErrorCode, $"ask where epoch {check.Epoch} of {check.Partition} ends");
            if (!error.IsRetriable)
            {
                Settle(check, state => state.Error = error);
            }

            return false;
        }

        var isKnown = answer is { LeaderEpoch: >= 0, EndOffset: >= 0 };
        Settle(check, state =>
        {
            if (isKnown && answer.EndOffset >= check.Asked.Offset)
            {
                state.SetChecked(check.Asked.LeaderEpoch);
            }
            else
            {
                Cut(state, isKnown ? answer : null, check.Asked.LeaderEpoch);
            }
        });
        return true;
    }

    private void Cut(PartitionState state, OffsetForLeaderEpochResponse.EpochEndOffset? end, int leaderEpoch)
    {
        if (state.FetchOffset != state.Position)
        {
            // What was fetched ahead is gone; the next round asks about what was handed out.
            state.Rewind();
        }
        else if (options.AutoOffsetReset == AutoOffsetReset.None)
        {
            state.Error = new LogTruncationException(state.Partition, state.FetchOffset, end?.EndOffset);
        }
        else if (end is null)
        {
            state.LookFor(PositionSource.Policy);
        }
        else
        {
            state.Seek(end.EndOffset, end.LeaderEpoch);
            state.SetChecked(leaderEpoch);
        }
    }

    /// <summary>Applies what was found, unless the position has moved since.</summary>
    private void Settle(EpochCheck check, Action<PartitionState> apply) => table.IfAssigned(check.Partition, state =>
    {
        if (check.Asked.IsStillWanted(state))
        {
            apply(state);
        }
    });
}
