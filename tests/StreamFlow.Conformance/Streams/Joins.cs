using System.Text.Json;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>Joins and global tables (FORMAT section 6): what is joined decides which join it is.</summary>
internal static class Joins
{
    public static object Apply(string word, JsonElement op, CaseContext context)
    {
        if (word == "globalTable")
        {
            return GlobalTable(op, context);
        }

        // The handles' types say which of the overloads below it is; only the runtime knows them.
        dynamic left = context[op.Text("left")!];
        dynamic right = context[op.Text("right")!];
        return op.TryGetProperty("foreignKey", out _) ? JoinForeign(left, right, op, context) : Join(left, right, op, context);
    }

    private static GlobalTableHandle GlobalTable(JsonElement op, CaseContext context)
    {
        var topic = op.Text("topic")!;
        var (key, value) = context.Topics[topic];
        var table = context.Builder.GlobalTable(
            topic, Interpreter.Consumed(op, key, value), op.Materialized<object, object>(key, value));
        if (op.Text("store") is { } store)
        {
            context.Stores.Add(StoreReaders.Table<object, object>(store, key, value));
        }

        return new(table);
    }

    private static StreamHandle<TKey, object> Join<TKey, TLeft>(
        StreamHandle<TKey, TLeft> left, GlobalTableHandle right, JsonElement op, CaseContext context)
    {
        var join = Joiner<TKey>(op);
        var key = op.Expression("key")!;
        Func<TKey, object, object?> select = (k, v) => key.Evaluate(k, v);
        var result = op.Text("type") == "inner"
            ? left.Objects.Join(right.Table, select, join, op.Text("name"))
            : left.Objects.LeftJoin(right.Table, select, join, op.Text("name"));
        return new(result, left.KeyType, null);
    }

    private static TableHandle<TKey, object> JoinForeign<TKey, TLeft, TForeignKey, TRight>(
        TableHandle<TKey, TLeft> left, TableHandle<TForeignKey, TRight> right, JsonElement op, CaseContext context)
        where TForeignKey : class
    {
        var join = Folds.Joiner(op.Text("joiner")!);
        var foreignKey = op.Expression("foreignKey")!;
        Func<TKey, object, TForeignKey?> select = (k, v) => (TForeignKey?)foreignKey.Evaluate(k, v);
        var (key, value) = (op.Type("keySerde") ?? left.KeyType ?? DataType.String, op.Type("valueSerde"));
        var joined = new TableJoined<TKey, object, TForeignKey, object>
        {
            KeySerde = StreamHandle<TKey, object>.KeySerde(left.KeyType),
            ValueSerde = left.ValueType ?? DataType.String,
            ForeignKeySerde = StreamHandle<TForeignKey, object>.KeySerde(right.KeyType),
            ForeignSerde = right.ValueType ?? DataType.String,
            Name = op.Text("name"),
        };
        var store = op.Materialized<TKey, object>(StreamHandle<TKey, object>.KeySerde(key), value ?? DataType.String);
        var result = op.Text("type") == "inner"
            ? left.Objects.Join(right.Objects, select, (l, r) => join(null, l, r)!, joined, store)
            : left.Objects.LeftJoin(right.Objects, select, (l, r) => join(null, l, r)!, joined, store);
        return TableHandle<TKey, object>.Stored(result, key, value ?? DataType.String, op, context);
    }

    private static StreamHandle<TKey, object> Join<TKey, TLeft, TRight>(
        StreamHandle<TKey, TLeft> left, StreamHandle<TKey, TRight> right, JsonElement op, CaseContext context)
    {
        var join = Joiner<TKey>(op);
        var window = op.GetProperty("window");
        var windows = JoinWindows.OfTimeDifferenceAndGrace(TimeSpan.Zero, window.Milliseconds("grace")!.Value)
            .Before(window.Milliseconds("before")!.Value)
            .After(window.Milliseconds("after")!.Value);
        var key = op.Type("keySerde") ?? left.KeyType ?? right.KeyType ?? DataType.String;
        var joined = new StreamJoined<TKey, object, object>
        {
            KeySerde = StreamHandle<TKey, TLeft>.KeySerde(key),
            ValueSerde = op.Type("leftSerde") ?? left.ValueType ?? DataType.String,
            OtherSerde = op.Type("rightSerde") ?? right.ValueType ?? DataType.String,
            Name = op.Text("name"),
            StoreName = op.Text("store"),
        };
        var result = op.Text("type") switch
        {
            "inner" => left.Objects.Join(right.Objects, join, windows, joined),
            "left" => left.Objects.LeftJoin(right.Objects, join, windows, joined),
            _ => left.Objects.OuterJoin(right.Objects, join, windows, joined),
        };
        return new(result, key, null);
    }

    private static StreamHandle<TKey, object> Join<TKey, TLeft, TRight>(
        StreamHandle<TKey, TLeft> left, TableHandle<TKey, TRight> right, JsonElement op, CaseContext context)
    {
        var join = Joiner<TKey>(op);
        var key = op.Type("keySerde") ?? left.KeyType ?? right.KeyType ?? DataType.String;
        var joined = new Joined<TKey, object, object>
        {
            KeySerde = StreamHandle<TKey, TLeft>.KeySerde(key),
            ValueSerde = op.Type("leftSerde") ?? left.ValueType ?? DataType.String,
            Name = op.Text("name"),
            GracePeriod = op.Milliseconds("grace"),
        };
        var result = op.Text("type") == "inner"
            ? left.Objects.Join(right.Objects, join, joined)
            : left.Objects.LeftJoin(right.Objects, join, joined);
        return new(result, key, null);
    }

    private static TableHandle<TKey, object> Join<TKey, TLeft, TRight>(
        TableHandle<TKey, TLeft> left, TableHandle<TKey, TRight> right, JsonElement op, CaseContext context)
    {
        var join = Folds.Joiner(op.Text("joiner")!);
        Func<object, object, object> pair = (l, r) => join(null, l, r)!;
        var key = op.Type("keySerde") ?? left.KeyType ?? right.KeyType ?? DataType.String;
        var value = op.Type("valueSerde");
        var store = op.Text("store") is null
            ? null
            : op.Materialized<TKey, object>(StreamHandle<TKey, object>.KeySerde(key), value ?? DataType.String);
        var result = op.Text("type") switch
        {
            "inner" => left.Objects.Join(right.Objects, pair, store, op.Text("name")),
            "left" => left.Objects.LeftJoin(right.Objects, pair!, store, op.Text("name")),
            _ => left.Objects.OuterJoin(right.Objects, pair!, store, op.Text("name")),
        };
        return store is null
            ? new(result, key, value)
            : TableHandle<TKey, object>.Stored(result, key, value ?? DataType.String, op, context);
    }

    private static Func<TKey, object?, object?, object> Joiner<TKey>(JsonElement op)
    {
        var join = Folds.Joiner(op.Text("joiner")!);
        return (key, left, right) => join(key, left, right)!;
    }
}
