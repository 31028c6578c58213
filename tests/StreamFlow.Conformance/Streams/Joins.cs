using System.Text.Json;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>Joins and global tables (FORMAT section 6): what is joined decides which join it is.</summary>
internal static class Joins
{
    public static object Apply(string word, JsonElement op, CaseContext context)
    {
        if (word != "join")
        {
            throw new NotSupportedException($"operation '{word}'");
        }

        // The handles' types say which of the overloads below it is; only the runtime knows them.
        dynamic left = context[op.Text("left")!];
        dynamic right = context[op.Text("right")!];
        return Join(left, right, op, context);
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
        if (op.TryGetProperty("grace", out _))
        {
            throw new NotSupportedException("join of a stream and a table with grace");
        }

        var join = Joiner<TKey>(op);
        var key = op.Type("keySerde") ?? left.KeyType ?? right.KeyType ?? DataType.String;
        var joined = new Joined<TKey, object, object>
        {
            KeySerde = StreamHandle<TKey, TLeft>.KeySerde(key),
            ValueSerde = op.Type("leftSerde") ?? left.ValueType ?? DataType.String,
            Name = op.Text("name"),
        };
        var result = op.Text("type") == "inner"
            ? left.Objects.Join(right.Objects, join, joined)
            : left.Objects.LeftJoin(right.Objects, join, joined);
        return new(result, key, null);
    }

    private static TableHandle<TKey, object> Join<TKey, TLeft, TRight>(
        TableHandle<TKey, TLeft> left, TableHandle<TKey, TRight> right, JsonElement op, CaseContext context)
    {
        if (op.TryGetProperty("foreignKey", out _))
        {
            throw new NotSupportedException("foreign-key join");
        }

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
