using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.Processors;

/// <summary>Reads the current rows of a table, materialised or computed through its parents. Made once per task and reader.</summary>
internal interface ITableReader<TKey, TValue>
{
    /// <summary>The current row of a key.</summary>
    /// <param name="key">The key; not null.</param>
    /// <param name="value">Its value.</param>
    /// <param name="timestamp">Its time in ms; -1 when there is no row and no time is known.</param>
    /// <returns>False when the table has no row for the key.</returns>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value, out long timestamp);

    /// <summary>Whether the table keeps a history, so that <see cref="TryGetAsOf"/> looks into it.</summary>
    bool IsVersioned { get; }

    /// <summary>The row as of a time in ms; the current one when the table keeps no history.</summary>
    bool TryGetAsOf(TKey key, long asOf, [MaybeNullWhen(false)] out TValue value, out long timestamp);
}
