using StreamFlow.Sql.Rows;
using StreamFlow.Streams;
using StreamFlow.Streams.State;

namespace StreamFlow.Sql.CodeGeneration.Runtime.Reading;

/// <summary>Reads a table without windows.</summary>
/// <param name="store">The store's name.</param>
/// <param name="select">Computes the table's row.</param>
/// <param name="isOrdered">Whether the bytes of the store's keys are in the order of the keys, at least of those not negative.</param>
public sealed class KeyValueTableReader<TKey, TState, TRow>(
    string store, StoredRowSelector<TKey?, TState, TRow> select, bool isOrdered = false)
    : TableReader<TKey?, TKey, TState, TRow>(store, select)
    where TKey : struct, IRow<TKey>
    where TRow : struct, IRow<TRow>
{
    /// <inheritdoc/>
    public override Task<IReadOnlyList<TSink>> ReadAsync<TSink>(
        IStoreQueries queries, TableRequest request, Func<TSink> sinks, CancellationToken cancellationToken) =>
        queries.QueryAsync<IReadOnlyKeyValueStore<TKey?, ValueAndTimestamp<TState>>, TSink>(
            Store, store => Read(store, request, sinks()), cancellationToken);

    private TSink Read<TSink>(IReadOnlyKeyValueStore<TKey?, ValueAndTimestamp<TState>> store, TableRequest request, TSink sink)
        where TSink : IStoredRowSink
    {
        var buffer = new RowBuffer();
        foreach (var (key, stored) in Rows(store, request))
        {
            if (!Show(sink, buffer, key, key, stored.Value, default, stored.Timestamp))
            {
                break;
            }
        }

        return sink;
    }

    private IEnumerable<KeyValuePair<TKey?, ValueAndTimestamp<TState>>> Rows(
        IReadOnlyKeyValueStore<TKey?, ValueAndTimestamp<TState>> store, TableRequest request) => request switch
        {
            { Keys: { } keys } => LookUp(store, keys),
            { FromKey: { } from, ToKey: { } to } when isOrdered => store.Range(KeyOf(from), KeyOf(to)),
            { FromKey: { } from } when isOrdered => store.From(KeyOf(from)),
            { ToKey: { } to } when isOrdered => store.UpTo(KeyOf(to)),
            _ => store.All(),
        };

    private static IEnumerable<KeyValuePair<TKey?, ValueAndTimestamp<TState>>> LookUp(
        IReadOnlyKeyValueStore<TKey?, ValueAndTimestamp<TState>> store, IReadOnlyList<byte[]> keys)
    {
        foreach (var key in KeysOf(keys))
        {
            if (store.TryGet(key, out var found))
            {
                yield return new KeyValuePair<TKey?, ValueAndTimestamp<TState>>(key, found);
            }
        }
    }
}

/// <summary>Reads a SOURCE table whose keys are windowed: its store knows the whole key only, so that every read walks all rows.</summary>
/// <param name="store">The store's name.</param>
/// <param name="select">Computes the table's row.</param>
public sealed class WindowedKeyTableReader<TKey, TState, TRow>(string store, StoredRowSelector<Windowed<TKey?>, TState, TRow> select)
    : TableReader<Windowed<TKey?>, TKey, TState, TRow>(store, select)
    where TKey : struct, IRow<TKey>
    where TRow : struct, IRow<TRow>
{
    /// <inheritdoc/>
    public override Task<IReadOnlyList<TSink>> ReadAsync<TSink>(
        IStoreQueries queries, TableRequest request, Func<TSink> sinks, CancellationToken cancellationToken) =>
        queries.QueryAsync<IReadOnlyKeyValueStore<Windowed<TKey?>, ValueAndTimestamp<TState>>, TSink>(
            Store, store => Read(store, sinks()), cancellationToken);

    private TSink Read<TSink>(IReadOnlyKeyValueStore<Windowed<TKey?>, ValueAndTimestamp<TState>> store, TSink sink)
        where TSink : IStoredRowSink
    {
        var buffer = new RowBuffer();
        foreach (var (key, stored) in store.All())
        {
            if (!Show(sink, buffer, key, key.Key, stored.Value, key.Window, stored.Timestamp))
            {
                break;
            }
        }

        return sink;
    }
}
