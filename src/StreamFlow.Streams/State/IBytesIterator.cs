namespace StreamFlow.Streams.State;

/// <summary>Walks entries of an <see cref="IBytesStore"/>. Starts before the first entry. Dispose releases what it pins.</summary>
public interface IBytesIterator : IDisposable
{
    /// <summary>The current key; valid until the next move.</summary>
    ReadOnlySpan<byte> Key { get; }

    /// <summary>The current value; valid until the next move.</summary>
    ReadOnlySpan<byte> Value { get; }

    /// <summary>Moves to the next entry.</summary>
    /// <returns>False behind the last one.</returns>
    bool MoveNext();
}
