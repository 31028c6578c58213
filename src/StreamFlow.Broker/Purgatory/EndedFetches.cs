namespace StreamFlow.Broker.Purgatory;

/// <summary>
/// The fetches that the appends of one connection have ended. They go on when the appends have been answered: one on the connection's
/// thread, which spares the wake-up of another, the others on threads of the pool. Used by the connection's loop alone.
/// </summary>
internal sealed class EndedFetches
{
    [ThreadStatic]
    private static EndedFetches? t_collecting;

    [ThreadStatic]
    private static bool t_isServing;

    private readonly List<FetchWaiter> _ended = [];

    /// <summary>Puts a fetch off if its end is due to an append that is being collected for, on this thread.</summary>
    public static bool TryAdd(FetchWaiter ended)
    {
        t_collecting?._ended.Add(ended);
        return t_collecting is not null;
    }

    /// <summary>Collects what appends on this thread end, until the scope is disposed. The caller sees to it that they go on.</summary>
    public Scope Collect() => new(this);

    /// <summary>Lets them go on.</summary>
    public void GoOn()
    {
        if (_ended.Count == 0)
        {
            return;
        }

        // A fetch that goes on here may end others by appends that came on its connection: those are not served in the midst of it.
        var inPool = t_isServing ? _ended.Count : _ended.Count - 1;
        for (var i = 0; i < inPool; i++)
        {
            _ended[i].GoOn(inline: false);
        }

        var last = inPool < _ended.Count ? _ended[inPool] : null;
        _ended.Clear();
        if (last is not null)
        {
            t_isServing = true;
            try
            {
                last.GoOn(inline: true);
            }
            finally
            {
                t_isServing = false;
            }
        }
    }

    /// <summary>Ends the collecting.</summary>
    public readonly ref struct Scope
    {
        private readonly EndedFetches? _before;

        public Scope(EndedFetches ended) => (_before, t_collecting) = (t_collecting, ended);

        public void Dispose() => t_collecting = _before;
    }
}
