namespace StreamFlow.Streams.Processors;

/// <summary>
/// What flows between table operators: the new and the old value of a key. Old values are filled only where an operator
/// downstream asked for them. <see cref="IsLatest"/> is false for an update of a versioned table that is not the newest by time.
/// </summary>
internal readonly struct Change<TValue>(bool hasNew, TValue? newValue, bool hasOld, TValue? oldValue, bool isLatest = true)
{
    public TValue? New { get; } = newValue;

    public TValue? Old { get; } = oldValue;

    public bool HasNew { get; } = hasNew;

    public bool HasOld { get; } = hasOld;

    public bool IsLatest { get; } = isLatest;
}
