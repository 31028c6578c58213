namespace StreamFlow.Client.Producing;

/// <summary>Counts the batches that were begun between two flushes, so that a flush can wait for exactly those before it.</summary>
internal sealed class FlushEpoch
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the epoch being current, and one per batch that is not done.
    private int _open = 1;

    public Task Done => _done.Task;

    public void Add() => Interlocked.Increment(ref _open);

    /// <summary>A batch is done, or the epoch is not the current one any more.</summary>
    public void Remove()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _done.TrySetResult();
        }
    }
}
