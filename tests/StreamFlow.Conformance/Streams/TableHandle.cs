using System.Text.Json;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>A table of the engine. Keys are objects or windowed objects; values are objects, or plain longs behind <c>count</c>.</summary>
internal sealed class TableHandle<TKey, TValue>(KTable<TKey, TValue> table, DataType? keyType, DataType? valueType) : ITableHandle
{
    private KTable<TKey, object>? _objects;

    public DataType? KeyType { get; } = keyType;

    public DataType? ValueType { get; } = valueType;

    public KTable<TKey, TValue> Table { get; } = table;

    /// <summary>The table with its values as objects.</summary>
    public KTable<TKey, object> Objects => _objects ??= Table as KTable<TKey, object> ?? Table.MapValues(v => (object)v!);

    /// <summary>A table that is kept; its store is compared if the case names it.</summary>
    public static TableHandle<TKey, TValue> Stored(
        KTable<TKey, TValue> table, DataType key, DataType value, JsonElement json, CaseContext context)
    {
        if (json.Text("store") is { } store)
        {
            context.Stores.Add(
                json.TryGetProperty("historyRetention", out _)
                    ? StoreReaders.Versioned<TKey, TValue>(store, json.Text("topic")!, key, value)
                    : StoreReaders.Table<TKey, TValue>(store, key, value));
        }

        return new(table, key, value);
    }

    public object? Apply(string op, JsonElement json, CaseContext context) => op switch
    {
        "filter" => Filter(json, context, false),
        "filterNot" => Filter(json, context, true),
        "mapValues" => MapValues(json, context),
        "toStream" => ToStream(json),
        "groupBy" => GroupBy(json),
        "suppress" => Suppress(json),
        _ => throw new NotSupportedException($"operation '{op}' on a table"),
    };

    private static Materialized<TKey, object>? Materialized(JsonElement json, DataType? key, DataType? value) =>
        json.Text("store") is null && !json.TryGetProperty("valueSerde", out _)
            ? null
            : json.Materialized<TKey, object>(StreamHandle<TKey, object>.KeySerde(key), value ?? DataType.String);

    private TableHandle<TKey, object> Filter(JsonElement json, CaseContext context, bool negate)
    {
        var pred = json.Expression("pred")!;
        var (key, value) = (json.Type("keySerde") ?? KeyType, json.Type("valueSerde") ?? ValueType);
        var store = Materialized(json, key, value);
        var result = negate
            ? Objects.FilterNot((k, v) => pred.Test(k, v), store, json.Text("name"))
            : Objects.Filter((k, v) => pred.Test(k, v), store, json.Text("name"));
        return Keep(result, key, value, json, context);
    }

    private TableHandle<TKey, object> MapValues(JsonElement json, CaseContext context)
    {
        var map = json.Expression("value")!;
        var (key, value) = (json.Type("keySerde") ?? KeyType, json.Type("valueSerde"));
        return Keep(
            Objects.MapValues((k, v) => map.Evaluate(k, v)!, Materialized(json, key, value), json.Text("name")), key, value, json, context);
    }

    private static TableHandle<TKey, object> Keep(
        KTable<TKey, object> table, DataType? key, DataType? value, JsonElement json, CaseContext context) =>
        json.Text("store") is null
            ? new(table, key, value)
            : TableHandle<TKey, object>.Stored(table, key ?? DataType.String, value ?? DataType.String, json, context);

    private IStreamHandle ToStream(JsonElement json)
    {
        if (json.Expression("key") is { } select)
        {
            return new StreamHandle<object, object>(Objects.ToStream((k, v) => select.Evaluate(k, v)!, json.Text("name")), null, ValueType);
        }

        return new StreamHandle<TKey, TValue>(Table.ToStream(json.Text("name")), KeyType, ValueType);
    }

    private GroupedTableHandle GroupBy(JsonElement json)
    {
        var (selectKey, selectValue) = (json.Expression("key")!, json.Expression("value")!);
        var (key, value) = (json.Type("keySerde") ?? DataType.String, json.Type("valueSerde") ?? ValueType ?? DataType.String);
        var grouped = new Grouped<object, object> { KeySerde = key, ValueSerde = value, Name = json.Text("name") };
        return new(Objects.GroupBy((k, v) => (selectKey.Evaluate(k, v)!, selectValue.Evaluate(k, v)!), grouped), key, value);
    }

    private TableHandle<TKey, TValue> Suppress(JsonElement json)
    {
        var limits = BufferLimits.Unbounded;
        if (json.TryGetProperty("maxRecords", out var records))
        {
            limits = limits.WithMaxRecords(records.GetInt64()).EmitEarlyWhenFull();
        }

        if (json.TryGetProperty("maxBytes", out var bytes))
        {
            limits = limits.WithMaxBytes(bytes.GetInt64()).EmitEarlyWhenFull();
        }

        if (json.Text("whenFull") == "fail")
        {
            limits = limits.FailWhenFull();
        }

        var suppressed = json.Text("until") == "window-closes"
            ? Suppressed.UntilWindowCloses(limits)
            : Suppressed.UntilTimeLimit(json.Milliseconds("ms")!.Value, limits);
        var named = suppressed with { Name = json.Text("name") };
        return ValueType is null && Table is KTable<TKey, object> objects
            ? new((KTable<TKey, TValue>)(object)WithSerdes(objects).Suppress(named), KeyType, DataType.String)
            : new(Table.Suppress(named), KeyType, ValueType);
    }

    /// <summary>The table with the format's default serde, which the engine does not know.</summary>
    private KTable<TKey, object> WithSerdes(KTable<TKey, object> table) => table.MapValues(
        static value => value, Materialized<TKey, object>.With(StreamHandle<TKey, object>.KeySerde(KeyType), DataType.String));
}
