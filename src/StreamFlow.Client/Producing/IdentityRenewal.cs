using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Producing;

/// <summary>Gets the ids of a producer without transactions, one call at a time. Used by the sender's loop.</summary>
internal sealed class IdentityRenewal(
    ClientContext context, TransactionManager transactions, Accumulator accumulator, BatchOutcomes outcomes, AsyncSignal wake)
{
    private Task _renewal = Task.CompletedTask;
    private int _attempts;

    /// <summary>Begins to get an id, unless that is under way; the sender is woken when there is one, or to look again.</summary>
    public void Begin(CancellationToken closing)
    {
        if (_renewal.IsCompleted)
        {
            _renewal = RenewAsync(closing);
        }
    }

    private async Task RenewAsync(CancellationToken closing)
    {
        try
        {
            await Task.Yield();
            await transactions.RenewIdentityAsync(closing).ConfigureAwait(false);
            outcomes.NeedsIdentity = false;
            _attempts = 0;
            wake.Set();
        }
        catch (StreamFlowException e) when (e.IsRetriable)
        {
            // The loop looks again; batches that wait too long expire with the reason that matters to them.
            await WaitAfterFailureAsync(closing).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // Closing.
        }
#pragma warning disable CA1031 // whatever it is, those who wait for their records hear of it
        catch (Exception e)
#pragma warning restore CA1031
        {
            outcomes.DropAll(Unexpected.In("getting a producer id", e));
        }
    }

    private async Task WaitAfterFailureAsync(CancellationToken closing)
    {
        await context.Backoff.WaitAsync(_attempts++, closing).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        foreach (var queue in accumulator.AllQueues)
        {
            outcomes.FailExpired(queue, context.Clock.GetTimestamp());
        }

        wake.Set();
    }
}
