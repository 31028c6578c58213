using System.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>
/// An ordered map of byte strings (unsigned, lexicographic): what typed stores stand on. Implementations are an ordered map in
/// memory and RocksDB. Owned by one task and called by the thread that steps it; not thread safe. Reads see every earlier write
/// of the same store at once, whether it has been committed to disk or not.
/// </summary>
public interface IBytesStore : IDisposable
{
    /// <summary>Looks up one key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Gets the value appended when the key is there; a present value may have no bytes.</param>
    /// <returns>False when the key is absent.</returns>
    bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> value);

    /// <summary>Inserts or replaces. The spans are copied before the call returns.</summary>
    void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Removes the key; nothing happens when it is absent.</summary>
    void Delete(ReadOnlySpan<byte> key);

    /// <summary>Walks a range of keys. Writes made while the iterator is open may or may not be seen.</summary>
    /// <param name="from">First key, inclusive; empty means from the first.</param>
    /// <param name="to">End, exclusive; empty means to the last.</param>
    /// <param name="descending">Whether to walk from the end of the range to its start.</param>
    IBytesIterator Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, bool descending = false);
}
