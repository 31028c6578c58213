using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>A table of time or sliding windows, kept in a window store.</summary>
internal sealed class WindowTableSpec<TKey, TValue> : TableSpec<Windowed<TKey>, TValue>
{
    public WindowTableSpec(StoreBuilder store) => Store = store;

    public override bool RequestOldValues(bool materialize) => SendsOldValues = true;

    public override IReadOnlyList<string> MakeReadable() => [Store!.Name];

    public override ITableReader<Windowed<TKey>, TValue> CreateReader(TaskContext context) =>
        new Reader(context.GetStore<WindowStore<TKey, TValue>>(Store!.Name));

    private sealed class Reader(WindowStore<TKey, TValue> store) : ITableReader<Windowed<TKey>, TValue>
    {
        public bool IsVersioned => false;

        public bool TryGet(Windowed<TKey> key, [MaybeNullWhen(false)] out TValue value, out long timestamp)
        {
            if (key.Window.Start < store.Rows.VisibleFrom)
            {
                (value, timestamp) = (default, -1);
                return false;
            }

            ref var row = ref store.Rows.Get(key.Key, key.Window.Start);
            value = row.Value;
            timestamp = row.HasValue ? row.Timestamp : -1;
            return row.HasValue;
        }

        public bool TryGetAsOf(Windowed<TKey> key, long asOf, [MaybeNullWhen(false)] out TValue value, out long timestamp) =>
            TryGet(key, out value, out timestamp);
    }
}
