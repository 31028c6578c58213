using StreamFlow.Sql.Rows;
using StreamFlow.Streams;
using StreamFlow.Streams.State;

namespace StreamFlow.Sql.CodeGeneration.Runtime.Reading;

/// <summary>Reads a table of tumbling or hopping windows.</summary>
/// <param name="store">The store's name.</param>
/// <param name="select">Computes the table's row.</param>
public sealed class WindowTableReader<TKey, TState, TRow>(string store, StoredRowSelector<Windowed<TKey?>, TState, TRow> select)
    : TableReader<Windowed<TKey?>, TKey, TState, TRow>(store, select)
    where TKey : struct, IRow<TKey>
    where TRow : struct, IRow<TRow>
{
    /// <inheritdoc/>
    public override Task<IReadOnlyList<TSink>> ReadAsync<TSink>(
        IStoreQueries queries, TableRequest request, Func<TSink> sinks, CancellationToken cancellationToken) =>
        queries.QueryAsync<IWindowStore<TKey?, TState>, TSink>(Store, store => Read(store, request, sinks()), cancellationToken);

    private TSink Read<TSink>(IWindowStore<TKey?, TState> store, TableRequest request, TSink sink)
        where TSink : IStoredRowSink
    {
        var buffer = new RowBuffer();
        var rows = request.Keys is { } keys
            ? KeysOf(keys).SelectMany(key => store.Fetch(key, request.StartFrom, request.StartTo))
            : store.FetchAll(request.StartFrom, request.StartTo);
        foreach (var row in rows)
        {
            if (!Show(sink, buffer, row.Key, row.Key.Key, row.Value, row.Key.Window, row.Timestamp))
            {
                break;
            }
        }

        return sink;
    }
}

/// <summary>Reads a table of sessions. A session's time is its end.</summary>
/// <param name="store">The store's name.</param>
/// <param name="select">Computes the table's row.</param>
public sealed class SessionTableReader<TKey, TState, TRow>(string store, StoredRowSelector<Windowed<TKey?>, TState, TRow> select)
    : TableReader<Windowed<TKey?>, TKey, TState, TRow>(store, select)
    where TKey : struct, IRow<TKey>
    where TRow : struct, IRow<TRow>
{
    /// <inheritdoc/>
    public override Task<IReadOnlyList<TSink>> ReadAsync<TSink>(
        IStoreQueries queries, TableRequest request, Func<TSink> sinks, CancellationToken cancellationToken) =>
        queries.QueryAsync<ISessionStore<TKey?, TState>, TSink>(Store, store => Read(store, request, sinks()), cancellationToken);

    private TSink Read<TSink>(ISessionStore<TKey?, TState> store, TableRequest request, TSink sink)
        where TSink : IStoredRowSink
    {
        var buffer = new RowBuffer();
        var rows = request.Keys is { } keys
            ? KeysOf(keys).SelectMany(key => store.FindSessions(key, request.StartFrom, request.StartTo))
            : store.All();
        foreach (var row in rows)
        {
            if (!Show(sink, buffer, row.Key, row.Key.Key, row.Value, row.Key.Window, row.Key.Window.End))
            {
                break;
            }
        }

        return sink;
    }
}
