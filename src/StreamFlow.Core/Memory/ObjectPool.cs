namespace StreamFlow.Core.Memory;

/// <summary>
/// Objects that are free to be used again, the one used last on top, so that work that comes again and again allocates nothing. What is not
/// kept is left to the collector. Thread safe.
/// </summary>
/// <typeparam name="T">What is pooled.</typeparam>
/// <param name="create">Makes one when none is free.</param>
/// <param name="mostKept">How many are kept at most.</param>
public sealed class ObjectPool<T>(Func<T> create, int mostKept)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Stack<T> _free = new();

    /// <summary>One that nobody uses.</summary>
    public T Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var item))
            {
                return item;
            }
        }

        return create();
    }

    /// <summary>Takes one back that nobody uses any more.</summary>
    /// <returns>False when enough are kept: what it holds is the caller's to give back.</returns>
    public bool Return(T item)
    {
        lock (_gate)
        {
            if (_free.Count >= mostKept)
            {
                return false;
            }

            _free.Push(item);
            return true;
        }
    }
}
