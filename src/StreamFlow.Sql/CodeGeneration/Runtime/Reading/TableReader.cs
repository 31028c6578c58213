using System.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Rows;
using StreamFlow.Streams;

namespace StreamFlow.Sql.CodeGeneration.Runtime.Reading;

/// <summary>
/// Reads the rows of a table that a query materialises. The generated code of the query makes it, since it alone knows the types in the
/// store; rows go out as bytes of the state format, which every query reads with row structs of its own.
/// </summary>
/// <param name="store">The store's name.</param>
public abstract class TableReader(string store)
{
    /// <summary>The store's name.</summary>
    public string Store => store;

    /// <summary>Shows the rows of every task here to a sink of its own.</summary>
    /// <param name="queries">The running query.</param>
    /// <param name="request">Which rows.</param>
    /// <param name="sinks">Makes a sink; called by the threads of the query.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sinks.</returns>
    public abstract Task<IReadOnlyList<TSink>> ReadAsync<TSink>(
        IStoreQueries queries, TableRequest request, Func<TSink> sinks, CancellationToken cancellationToken)
        where TSink : IStoredRowSink;
}

/// <summary>Computes a table's row from a row of its store: HAVING and SELECT of the query.</summary>
/// <param name="key">The key.</param>
/// <param name="stored">The row in the store.</param>
/// <param name="row">The table's row.</param>
/// <returns>False when the table has no such row.</returns>
public delegate bool StoredRowSelector<TKey, TState, TRow>(TKey key, TState stored, out TRow row);

/// <summary>What all readers do with a row: compute it, write its bytes, show it.</summary>
/// <param name="store">The store's name.</param>
/// <param name="select">Computes the table's row.</param>
public abstract class TableReader<TStoreKey, TKey, TState, TRow>(string store, StoredRowSelector<TStoreKey, TState, TRow> select)
    : TableReader(store)
    where TKey : struct, IRow<TKey>
    where TRow : struct, IRow<TRow>
{
    private static readonly Serde<TKey> KeySerde = SqlQueryContext.State<TKey>();
    private static readonly Serde<TRow> RowSerde = SqlQueryContext.State<TRow>();
    private static readonly SerdeContext KeyContext = new("", SerdeTarget.Key, Headers.Empty);
    private static readonly SerdeContext ValueContext = new("", SerdeTarget.Value, Headers.Empty);

    /// <summary>The keys of a request.</summary>
    protected static IEnumerable<TKey?> KeysOf(IReadOnlyList<byte[]> keys) => keys.Select(k => (TKey?)KeyOf(k));

    /// <summary>A key of a request.</summary>
    protected static TKey KeyOf(byte[] key) => KeySerde.Deserialize(key, KeyContext);

    /// <summary>Shows a row, unless the table does not have it.</summary>
    /// <returns>False when the sink wants no more.</returns>
    protected bool Show<TSink>(TSink sink, RowBuffer buffer, TStoreKey storeKey, TKey? key, TState stored, Window window, long timestamp)
        where TSink : IStoredRowSink
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (key is not { } found || !select(storeKey, stored, out var row))
        {
            return true;
        }

        buffer.Key.ResetWrittenCount();
        buffer.Value.ResetWrittenCount();
        KeySerde.Serialize(found, buffer.Key, KeyContext);
        RowSerde.Serialize(row, buffer.Value, ValueContext);
        return sink.Take(buffer.Key.WrittenSpan, buffer.Value.WrittenSpan, window.Start, window.End, timestamp);
    }

    /// <summary>Buffers of one reading.</summary>
    protected sealed class RowBuffer
    {
        /// <summary>The key's bytes.</summary>
        public ArrayBufferWriter<byte> Key { get; } = new();

        /// <summary>The value's bytes.</summary>
        public ArrayBufferWriter<byte> Value { get; } = new();
    }
}
