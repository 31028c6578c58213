using System.Text.Json;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>A stream in time windows.</summary>
internal sealed class TimeWindowedHandle<TKey>(
    GroupedHandle<TKey> grouped, TimeWindowedKStream<TKey, object> windowed, long size) : IGroupedHandle
{
    public object Apply(string op, JsonElement json, CaseContext context)
    {
        var name = json.Text("name");
        var key = json.Type("keySerde") ?? grouped.KeyType;
        var keySerde = StreamHandle<TKey, object>.KeySerde(key);
        switch (op)
        {
            case "count":
                return Keep(windowed.Count(json.Materialized<TKey, long>(keySerde, null), name), key, DataType.Long, json, context);
            case "reduce":
                var value = json.Type("valueSerde") ?? grouped.ValueType;
                var reduce = Folds.Reducer(json.Text("reducer")!);
                return Keep(
                    windowed.Reduce(
                        (a, b) => reduce(a, b)!, json.Materialized(keySerde, (Serde<object>)value), name), key, value, json, context);
            default:
                var type = json.Type("valueSerde") ?? DataType.String;
                var (init, aggregate) = (Folds.Initial(json.Text("init")!), Folds.Aggregator(json.Text("aggregator")!));
                var table = windowed.Aggregate(
                    () => init()!, (k, v, a) => aggregate(k, v, a)!, json.Materialized(keySerde, (Serde<object>)type), name);
                return Keep(table, key, type, json, context);
        }
    }

    private TableHandle<Windowed<TKey>, TValue> Keep<TValue>(
        KTable<Windowed<TKey>, TValue> table, DataType key, DataType value, JsonElement json, CaseContext context)
    {
        if (json.Text("store") is { } store)
        {
            context.Stores.Add(StoreReaders.TimestampedWindow<TKey, TValue>(store, key, value));
        }

        return new(table, DataType.TimeWindowed(key, size), value);
    }
}
