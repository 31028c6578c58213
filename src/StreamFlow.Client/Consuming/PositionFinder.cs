using StreamFlow.Client.Groups;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// Finds where to begin in partitions that have no position: committed offsets first, then the reset policy. One search at a time.
/// </summary>
internal sealed class PositionFinder(
    ConsumerOptions options, PartitionTable table, OffsetFinder offsets, GroupOffsets? groupOffsets, AsyncSignal found) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private Task _search = Task.CompletedTask;

    /// <summary>Starts a search if one is needed.</summary>
    /// <returns>Whether a search is going on.</returns>
    public bool Step()
    {
        if (!_search.IsCompleted)
        {
            return true;
        }

        if (table.WithoutPosition() is not { } missing)
        {
            return false;
        }

        Begin(missing);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _search.ConfigureAwait(false);
        _closing.Dispose();
    }

    // Apart from the above, or every poll would pay for the closure.
    private void Begin(List<(TopicPartition Partition, PositionSource Source, int Version)> missing) =>
        _search = Task.Run(() => SearchAsync(missing));

    private async Task SearchAsync(List<(TopicPartition Partition, PositionSource Source, int Version)> missing)
    {
        try
        {
            var rest = await TakeCommittedAsync(missing).ConfigureAwait(false);
            if (rest.Count > 0)
            {
                var edges = await offsets.FindAsync(
                    rest.ToDictionary(m => m.Partition, m => EdgeFor(
                        m.Source)), options.IsolationLevel, _closing.Token).ConfigureAwait(false);
                foreach (var (partition, _, version) in rest)
                {
                    if (edges.TryGetValue(partition, out var edge))
                    {
                        Place(partition, version, edge.Offset, -1);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closing.
        }
        catch (BrokerException e) when (e.ErrorCode is ErrorCode.StaleMemberEpoch or ErrorCode.UnknownMemberId)
        {
            // A heartbeat gives the member another epoch, or tells it that the partitions are lost: the next step looks again.
        }
#pragma warning disable CA1031 // the application hears of it, whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            var error = Unexpected.In("finding where to begin", e);
            missing.ForEach(m => table.IfAssigned(
                m.Partition, s => s.Error = s.Position is null && s.Version == m.Version ? error : s.Error));
        }

        found.Set();
    }

    /// <summary>Places what has a committed offset and returns the others.</summary>
    private async Task<List<(TopicPartition Partition, PositionSource Source, int Version)>> TakeCommittedAsync(
        List<(TopicPartition Partition, PositionSource Source, int Version)> missing)
    {
        var wanted = missing.Where(m => m.Source == PositionSource.Committed).ToList();
        if (wanted.Count == 0 || groupOffsets is null)
        {
            return WithPolicy(missing);
        }

        var committed = await groupOffsets.FetchAsync(options.GroupId!, [.. wanted.Select(
            m => m.Partition)], requireStable: true, _closing.Token)
            .ConfigureAwait(false);
        var rest = new List<(TopicPartition Partition, PositionSource Source, int Version)>();
        foreach (var entry in missing)
        {
            if (entry.Source == PositionSource.Committed && committed.TryGetValue(entry.Partition, out var offset))
            {
                Place(entry.Partition, entry.Version, offset.Offset, offset.LeaderEpoch);
            }
            else
            {
                rest.Add(entry);
            }
        }

        return WithPolicy(rest);
    }

    /// <summary>Takes out those for which the policy says that there is nowhere to begin.</summary>
    private List<(TopicPartition Partition, PositionSource Source, int Version)> WithPolicy(
        List<(TopicPartition Partition, PositionSource Source, int Version)> missing)
    {
        if (options.AutoOffsetReset != AutoOffsetReset.None)
        {
            return missing;
        }

        foreach (var (partition, source, version) in missing)
        {
            if (source is PositionSource.Committed or PositionSource.Policy)
            {
                table.IfAssigned(partition, s => s.Error ??= s.Version == version ? new OffsetOutOfRangeException(partition, null) : null);
            }
        }

        return [.. missing.Where(m => m.Source is PositionSource.Beginning or PositionSource.End)];
    }

    private void Place(TopicPartition partition, int version, long offset, int epoch) => table.IfAssigned(partition, s =>
    {
        if (s.Version == version && s.Position is null)
        {
            s.Seek(offset, epoch);
        }
    });

    private long EdgeFor(PositionSource source) => source switch
    {
        PositionSource.Beginning => -2,
        PositionSource.End => -1,
        _ => options.AutoOffsetReset == AutoOffsetReset.Earliest ? -2 : -1,
    };
}
