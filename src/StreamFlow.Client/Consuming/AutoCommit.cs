using StreamFlow.Client.Groups;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Consuming;

/// <summary>Commits positions now and then: what earlier polls handed out counts as processed when the next poll begins.</summary>
internal sealed class AutoCommit(
    ClientContext context, ConsumerOptions options, PartitionTable table, GroupOffsets offsets, MemberIdentity identity)
{
    private long _last = context.Clock.GetTimestamp();

    public ValueTask CommitIfDueAsync(CancellationToken cancellationToken) =>
        context.Clock.GetElapsedTime(_last) < options.AutoCommitInterval ? ValueTask.CompletedTask : CommitAsync(cancellationToken);

    /// <summary>
    /// Commits; a failure means that records are handed out again to whoever owns the partitions next, which is the bargain of automatic
    /// commits.
    /// </summary>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        _last = context.Clock.GetTimestamp();
        try
        {
            await offsets.CommitAsync(table.Positions(), identity, cancellationToken).ConfigureAwait(false);
        }
        catch (StreamFlowException e) when (e is CommitFailedException || e.IsRetriable)
        {
            // The next commit covers it.
        }
    }
}
