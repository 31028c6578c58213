using System.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>
/// An <see cref="IBytesStore"/> whose entries have a time (window start, session end) by which they expire in bulk, so that
/// dropping old rows costs no delete per row. The caller keeps keys and times consistent: one key always has the same time.
/// </summary>
public interface ITimedBytesStore : IDisposable
{
    /// <summary>
    /// Greatest time known to have been put or restored, in ms; -1 when none is known. Decides which rows are still visible; a store
    /// that does not know it after a restart shows rows a little longer, until newer ones come.
    /// </summary>
    long NewestTime => -1;

    /// <summary>Looks up one key.</summary>
    /// <param name="key">The key, its time included.</param>
    /// <param name="time">The time of the entry in ms; says where to look.</param>
    /// <param name="value">Gets the value appended when the key is there.</param>
    /// <returns>False when the key is absent or its time has expired.</returns>
    bool TryGet(ReadOnlySpan<byte> key, long time, IBufferWriter<byte> value);

    /// <summary>Inserts or replaces. An entry whose time has expired already is ignored.</summary>
    void Put(ReadOnlySpan<byte> key, long time, ReadOnlySpan<byte> value);

    /// <summary>Removes the key; nothing happens when it is absent.</summary>
    void Delete(ReadOnlySpan<byte> key, long time);

    /// <summary>Walks a range of keys in unsigned byte order, whatever segments they are in.</summary>
    /// <param name="from">First key, inclusive; empty means from the first.</param>
    /// <param name="to">End, exclusive; empty means to the last.</param>
    /// <param name="fromTime">Entries with an earlier time may be left out (ms, inclusive).</param>
    /// <param name="toTime">Entries with a later time may be left out (ms, inclusive).</param>
    /// <param name="descending">Whether to walk from the end of the range to its start.</param>
    IBytesIterator Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, long fromTime, long toTime, bool descending = false);

    /// <summary>Entries with a time before this one (ms) are no longer needed and may be dropped at any moment from now on.</summary>
    void ExpireBefore(long time);
}
