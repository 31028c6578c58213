namespace StreamFlow.Protocol;

/// <summary>
/// The objects of one exchange, request and response: rented one by one, all given back at once by <see cref="Reset"/>, and handed out
/// again for the next exchange, so that a connection at work allocates nothing. Not thread safe.
/// </summary>
public sealed class MessageArena
{
    // An exchange with more objects of a type than this leaves them to the collector.
    private const int MostKept = 1024;

    private static int s_types = -1;
    private Pool?[] _pools = [];

    /// <summary>An object with every field at its default, to be used until <see cref="Reset"/>.</summary>
    /// <typeparam name="T">What is wanted.</typeparam>
    public T Rent<T>()
        where T : class, IRecyclable, new()
    {
        var index = TypeIndex<T>.Value;
        if (index >= _pools.Length)
        {
            Array.Resize(ref _pools, index + 1);
        }

        var pool = _pools[index] ??= new Pool<T>();
        return ((Pool<T>)pool).Rent();
    }

    /// <summary>Takes all objects back; nobody uses them any more.</summary>
    public void Reset()
    {
        foreach (var pool in _pools)
        {
            pool?.Reset();
        }
    }

    private static class TypeIndex<T>
    {
        public static readonly int Value = Interlocked.Increment(ref s_types);
    }

    private abstract class Pool
    {
        public abstract void Reset();
    }

    private sealed class Pool<T> : Pool
        where T : class, IRecyclable, new()
    {
        private readonly List<T> _items = [];
        private int _used;

        public T Rent()
        {
            if (_used == _items.Count)
            {
                _items.Add(new T());
            }

            return _items[_used++];
        }

        public override void Reset()
        {
            for (var i = 0; i < _used; i++)
            {
                _items[i].Reset();
            }

            _used = 0;
            if (_items.Count > MostKept)
            {
                _items.RemoveRange(MostKept, _items.Count - MostKept);
                _items.Capacity = MostKept;
            }
        }
    }
}
