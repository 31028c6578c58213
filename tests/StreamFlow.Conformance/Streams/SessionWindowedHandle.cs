using System.Text.Json;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>A stream in sessions.</summary>
internal sealed class SessionWindowedHandle<TKey>(
    GroupedHandle<TKey> grouped, SessionWindowedKStream<TKey, object> windowed) : IGroupedHandle
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
                var merge = Folds.Merger(json.Text("merger")!);
                var table = windowed.Aggregate(
                    () => init()!,
                    (k, v, a) => aggregate(k, v, a)!,
                    (k, a, b) => merge(k, a, b)!,
                    json.Materialized(keySerde, (Serde<object>)type),
                    name);
                return Keep(table, key, type, json, context);
        }
    }

    private static TableHandle<Windowed<TKey>, TValue> Keep<TValue>(
        KTable<Windowed<TKey>, TValue> table, DataType key, DataType value, JsonElement json, CaseContext context)
    {
        if (json.Text("store") is { } store)
        {
            context.Stores.Add(StoreReaders.Session<TKey, TValue>(store, key, value));
        }

        return new(table, DataType.SessionWindowed(key), value);
    }
}
