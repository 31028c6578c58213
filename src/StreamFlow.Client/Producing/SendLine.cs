namespace StreamFlow.Client.Producing;

/// <summary>
/// Where the sends of a topic wait that could not be appended at once, for want of metadata or room: they are appended in the order of
/// their calls, and while any of them waits the later ones join the line. Thread safe; lives as long as its producer.
/// </summary>
#pragma warning disable CA1001 // The semaphore's wait handle is never made, so there is nothing to dispose.
internal sealed class SendLine
#pragma warning restore CA1001
{
    // Serves asynchronous waiters first come, first served.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _waiting;

    /// <summary>Whether somebody waits, so that a new send must wait behind.</summary>
    public bool IsBusy => Volatile.Read(ref _waiting) > 0;

    /// <summary>Joins the line, at once; the task ends when it is this send's turn.</summary>
    public Task EnterAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        return _turn.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until those who are in the line now have left it.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        if (!IsBusy)
        {
            return;
        }

        var hasTurn = false;
        try
        {
            await EnterAsync(cancellationToken).ConfigureAwait(false);
            hasTurn = true;
        }
        finally
        {
            Leave(hasTurn);
        }
    }

    /// <summary>Leaves the line.</summary>
    /// <param name="hadTurn">Whether its turn had come.</param>
    public void Leave(bool hadTurn)
    {
        Interlocked.Decrement(ref _waiting);
        if (hadTurn)
        {
            _turn.Release();
        }
    }
}
