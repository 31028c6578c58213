namespace StreamFlow.Client.Transport;

/// <summary>
/// Counts the users of one buffer and gives it back when the last one is done. Begins with one user, its creator.
/// </summary>
/// <param name="giveBack">Called once, when nobody uses the buffer any more.</param>
public sealed class SharedBuffer(Action giveBack)
{
    private int _users = 1;

    /// <summary>Begins anew with one user, after the last one was done with another buffer.</summary>
    public void Renew() => Volatile.Write(ref _users, 1);

    /// <summary>Adds a user.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was given back already.</exception>
    public SharedBuffer Retain()
    {
        ObjectDisposedException.ThrowIf(Interlocked.Increment(ref _users) <= 1, this);
        return this;
    }

    /// <summary>Takes a user away.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            giveBack();
        }
    }
}
