namespace StreamFlow.Broker.Purgatory;

/// <summary>
/// A fetch that waits for bytes. It is entered in the list of every partition it reads; each append there may complete it, and so does
/// its alarm. One waiter serves one wait and is thrown away: partitions may still hold it for a moment afterwards.
/// </summary>
/// <param name="bytesWanted">Bytes that have to be appended before it is worth looking again.</param>
/// <param name="committedOnly">Whether only the last stable offset counts.</param>
internal sealed class FetchWaiter(long bytesWanted, bool committedOnly) : TimerEntry
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesLeft = bytesWanted;

    /// <summary>Ends when there is reason to look again.</summary>
    public Task Task => _done.Task;

    /// <summary>Whether only records of decided transactions count.</summary>
    public bool CommittedOnly => committedOnly;

    /// <summary>Bytes have become readable.</summary>
    public void OnGrowth(long bytes)
    {
        if (Interlocked.Add(ref _bytesLeft, -bytes) <= 0)
        {
            _done.TrySetResult();
        }
    }

    /// <summary>Look again whatever there is: time is up, or a partition went away.</summary>
    public void Complete() => _done.TrySetResult();

    /// <inheritdoc/>
    protected internal override void Fire() => _done.TrySetResult();
}
