using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>Changes what a member reads, and tells the application in the order that it may count on.</summary>
internal sealed class AssignmentChanges(PartitionTable table)
{
    public TopicPartition[] Current => table.Partitions;

    /// <summary>Makes these the partitions that are read.</summary>
    public ValueTask AssignAsync(
        IReadOnlyCollection<TopicPartition> partitions, IReadOnlyCollection<TopicPartition> added, in RebalanceCall call)
    {
        table.Assign(partitions);
        return call.Listener?.OnAssignedAsync(added, call.CancellationToken) ?? ValueTask.CompletedTask;
    }

    /// <summary>Gives partitions up, after their offsets could be committed.</summary>
    public async ValueTask RevokeAsync(IReadOnlyCollection<TopicPartition> partitions, RebalanceCall call)
    {
        if (partitions.Count == 0)
        {
            return;
        }

        await call.BeforeRevoke().ConfigureAwait(false);
        if (call.Listener is { } listener)
        {
            await listener.OnRevokedAsync(partitions, call.CancellationToken).ConfigureAwait(false);
        }

        table.Assign([.. table.Partitions.Except(partitions)]);
    }

    /// <summary>All partitions are gone already: nothing can be committed any more.</summary>
    public async ValueTask LoseAllAsync(RebalanceCall call)
    {
        var partitions = table.Partitions;
        table.Assign([]);
        if (call.Listener is { } listener && partitions.Length > 0)
        {
            await listener.OnLostAsync(partitions, call.CancellationToken).ConfigureAwait(false);
        }
    }
}
