namespace StreamFlow.Streams.State;

/// <summary>A cached row: what the store holds for a key now, also when that is nothing.</summary>
internal struct Row<TValue>
{
    public TValue? Value;
    public long Timestamp;
    public bool HasValue;
    public bool IsDirty;
}
