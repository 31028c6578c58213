using System.Text.Json;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>A grouped table of the engine.</summary>
internal sealed class GroupedTableHandle(KGroupedTable<object, object> grouped, DataType keyType, DataType valueType)
{
    public ITableHandle Apply(string op, JsonElement json, CaseContext context)
    {
        var name = json.Text("name");
        var key = json.Type("keySerde") ?? keyType;
        switch (op)
        {
            case "count":
                return TableHandle<object, long>.Stored(
                    grouped.Count(json.Materialized<object, long>(key, null), name), key, DataType.Long, json, context);
            case "reduce":
                var value = json.Type("valueSerde") ?? valueType;
                var (add, subtract) = (Folds.Reducer(json.Text("reducer")!), Folds.Reducer(json.Text("subtractor")!));
                var reduced = grouped.Reduce(
                    (a, b) => add(a, b)!, (a, b) => subtract(a, b)!, json.Materialized<object, object>(key, value), name);
                return TableHandle<object, object>.Stored(reduced, key, value, json, context);
            default:
                var type = json.Type("valueSerde") ?? DataType.String;
                var init = Folds.Initial(json.Text("init")!);
                var (adder, subtractor) = (Folds.Aggregator(json.Text("aggregator")!), Folds.Aggregator(json.Text("subtractor")!));
                var table = grouped.Aggregate(
                    () => init()!,
                    (k, v, a) => adder(k, v, a)!,
                    (k, v, a) => subtractor(k, v, a)!,
                    json.Materialized<object, object>(key, type),
                    name);
                return TableHandle<object, object>.Stored(table, key, type, json, context);
        }
    }
}
