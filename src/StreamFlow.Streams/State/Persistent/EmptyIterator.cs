namespace StreamFlow.Streams.State.Persistent;

/// <summary>A walk over nothing.</summary>
internal sealed class EmptyIterator : IBytesIterator
{
    /// <summary>The only one.</summary>
    public static readonly EmptyIterator Instance = new();

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Key => default;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value => default;

    /// <inheritdoc/>
    public bool MoveNext() => false;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
