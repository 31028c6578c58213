using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>A table of sessions, kept in a session store.</summary>
internal sealed class SessionTableSpec<TKey, TValue> : TableSpec<Windowed<TKey>, TValue>
{
    public SessionTableSpec(StoreBuilder store) => Store = store;

    public override bool RequestOldValues(bool materialize) => SendsOldValues = true;

    public override IReadOnlyList<string> MakeReadable() => [Store!.Name];

    public override ITableReader<Windowed<TKey>, TValue> CreateReader(TaskContext context) =>
        new Reader(context.GetStore<SessionStore<TKey, TValue>>(Store!.Name));

    private sealed class Reader(SessionStore<TKey, TValue> store) : ITableReader<Windowed<TKey>, TValue>
    {
        public bool IsVersioned => false;

        public bool TryGet(Windowed<TKey> key, [MaybeNullWhen(false)] out TValue value, out long timestamp)
        {
            var found = store.TryFetch(key, out value);
            timestamp = found ? key.Window.End : -1;
            return found;
        }

        public bool TryGetAsOf(Windowed<TKey> key, long asOf, [MaybeNullWhen(false)] out TValue value, out long timestamp) =>
            TryGet(key, out value, out timestamp);
    }
}
