using System.Text.Json;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>A grouped stream of the engine.</summary>
internal sealed class GroupedHandle<TKey>(KGroupedStream<TKey, object> grouped, DataType keyType, DataType valueType) : IGroupedHandle
{
    public KGroupedStream<TKey, object> Grouped { get; } = grouped;

    public DataType KeyType { get; } = keyType;

    public DataType ValueType { get; } = valueType;

    public object Apply(string op, JsonElement json, CaseContext context)
    {
        var name = json.Text("name");
        var key = json.Type("keySerde") ?? KeyType;
        var keySerde = StreamHandle<TKey, object>.KeySerde(key);
        switch (op)
        {
            case "count":
                var counted = Grouped.Count(json.Materialized<TKey, long>(keySerde, null), name);
                return TableHandle<TKey, long>.Stored(counted, key, DataType.Long, json, context);
            case "reduce":
                var value = json.Type("valueSerde") ?? ValueType;
                var reduce = Folds.Reducer(json.Text("reducer")!);
                var reduced = Grouped.Reduce(
                    (a, b) => reduce(a, b)!, json.Materialized(keySerde, (Core.Serialization.Serde<object>)value), name);
                return TableHandle<TKey, object>.Stored(reduced, key, value, json, context);
            case "aggregate":
                var type = json.Type("valueSerde") ?? DataType.String;
                var (init, aggregate) = (Folds.Initial(json.Text("init")!), Folds.Aggregator(json.Text("aggregator")!));
                var table = Grouped.Aggregate(
                    () => init()!, (k, v, a) => aggregate(k, v, a)!, json.Materialized(
                        keySerde, (Core.Serialization.Serde<object>)type), name);
                return TableHandle<TKey, object>.Stored(table, key, type, json, context);
            case "windowedBy":
                return WindowedHandles.Window(this, json);
            default:
                throw new NotSupportedException($"operation '{op}' on a grouped stream");
        }
    }
}
