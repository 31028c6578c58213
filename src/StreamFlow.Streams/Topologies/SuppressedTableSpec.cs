using System.Diagnostics.CodeAnalysis;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>A table behind a suppress: for a key that is held back, readers see the row from before.</summary>
internal sealed class SuppressedTableSpec<TKey, TValue> : TableSpec<TKey, TValue>
{
    private readonly TableSpec<TKey, TValue> _parent;
    private readonly StoreBuilder _buffer;

    public SuppressedTableSpec(TableSpec<TKey, TValue> parent, StoreBuilder buffer)
    {
        _parent = parent;
        _buffer = buffer;
        SendsOldValues = true;
    }

    public override bool RequestOldValues(bool materialize) => true;

    public override IReadOnlyList<string> MakeReadable() => [.. _parent.MakeReadable(), _buffer.Name];

    public override ITableReader<TKey, TValue> CreateReader(TaskContext context) =>
        new Reader(_parent.CreateReader(context), context.GetStore<SuppressBuffer<TKey, TValue>>(_buffer.Name));

    private sealed class Reader(ITableReader<TKey, TValue> parent, SuppressBuffer<TKey, TValue> buffer) : ITableReader<TKey, TValue>
    {
        public bool IsVersioned => false;

        public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value, out long timestamp)
        {
            if (!buffer.TryGetPrior(key, out var exists, out var prior))
            {
                return parent.TryGet(key, out value, out timestamp);
            }

            (value, timestamp) = (prior!, -1);
            return exists;
        }

        public bool TryGetAsOf(TKey key, long asOf, [MaybeNullWhen(false)] out TValue value, out long timestamp) =>
            TryGet(key, out value, out timestamp);
    }
}
