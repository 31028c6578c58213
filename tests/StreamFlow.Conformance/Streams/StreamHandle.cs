using System.Text.Json;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>
/// A stream of the engine. Keys are objects or windowed objects; values are objects, or plain longs behind <c>count</c>, which are
/// turned into objects for operations whose functions must see null.
/// </summary>
internal sealed class StreamHandle<TKey, TValue>(KStream<TKey, TValue> stream, DataType? keyType, DataType? valueType) : IStreamHandle
{
    private KStream<TKey, object>? _objects;

    public DataType? KeyType { get; } = keyType;

    public DataType? ValueType { get; } = valueType;

    /// <summary>The stream with its values as objects.</summary>
    public KStream<TKey, object> Objects => _objects ??= stream as KStream<TKey, object> ?? stream.MapValues(v => (object)v!);

    public static Serde<TKey> KeySerde(DataType? type)
    {
        var complete = type ?? DataType.String;
        object serde = typeof(TKey) == typeof(object) ? complete
            : typeof(TKey) == typeof(Windowed<object>) ? complete.WindowedSerde()
            : complete.WindowedSerde(complete.Inner!.WindowedSerde());
        return (Serde<TKey>)serde;
    }

    public object? Apply(string op, JsonElement json, CaseContext context) => op switch
    {
        "filter" => Same(Objects.Filter(Predicate(json), json.Text("name"))),
        "filterNot" => Same(Objects.FilterNot(Predicate(json), json.Text("name"))),
        "map" => Map(json),
        "mapValues" => MapValues(json),
        "selectKey" => SelectKey(json),
        "flatMap" => FlatMap(json),
        "flatMapValues" => FlatMapValues(json),
        "peek" => Same(Objects.Peek(static (_, _) => { }, json.Text("name"))),
        "foreach" => ForEach(json),
        "split" => Split(json, context),
        "repartition" => Repartition(json),
        "to" => To(json, context),
        "toTable" => ToTable(json, context),
        "groupByKey" => GroupByKey(json),
        "groupBy" => GroupBy(json),
        "process" or "processValues" => Processors.Apply(op, Objects, KeyType, ValueType, json),
        _ => throw new NotSupportedException($"operation '{op}' on a stream"),
    };

    public IStreamHandle Merge(IStreamHandle other, string? name) =>
        new StreamHandle<TKey, object>(Objects.Merge(((dynamic)other).Objects, name), KeyType, ValueType);

    private static Func<TKey, object, bool> Predicate(JsonElement json)
    {
        var pred = json.Expression("pred")!;
        return (k, v) => pred.Test(k, v);
    }

    private StreamHandle<TKey, object> Same(KStream<TKey, object> result) => new(result, KeyType, ValueType);

    private StreamHandle<object, object> Map(JsonElement json)
    {
        var (key, value) = (json.Expression("key")!, json.Expression("value")!);
        return new(Objects.Map((k, v) => (key.Evaluate(k, v)!, value.Evaluate(k, v)!), json.Text("name")), null, null);
    }

    private StreamHandle<TKey, object> MapValues(JsonElement json)
    {
        var value = json.Expression("value")!;
        return new(Objects.MapValues((k, v) => value.Evaluate(k, v)!, json.Text("name")), KeyType, null);
    }

    private StreamHandle<object, object> SelectKey(JsonElement json)
    {
        var key = json.Expression("key")!;
        return new(Objects.SelectKey((k, v) => key.Evaluate(k, v)!, json.Text("name")), null, ValueType);
    }

    private StreamHandle<object, object> FlatMap(JsonElement json)
    {
        var (each, key, value) = (json.Expression("each")!, json.Expression("key")!, json.Expression("value")!);
        var result = Objects.FlatMap(
            (k, v) => Items(each.Evaluate(k, v)).Select(item => (key.Evaluate(k, item)!, value.Evaluate(k, item)!)), json.Text("name"));
        return new(result, null, null);
    }

    private StreamHandle<TKey, object> FlatMapValues(JsonElement json)
    {
        var each = json.Expression("each")!;
        return new(Objects.FlatMapValues((k, v) => Items(each.Evaluate(k, v)), json.Text("name")), KeyType, null);
    }

    private static IEnumerable<object> Items(object? list) => list switch
    {
        null => [],
        Repeated repeated => Enumerable.Repeat(repeated.Value, repeated.Count),
        _ => ((TextList)list).Items,
    };

    private object? ForEach(JsonElement json)
    {
        Objects.ForEach(static (_, _) => { }, json.Text("name"));
        return null;
    }

    private object? Split(JsonElement json, CaseContext context)
    {
        var split = Objects.Split(json.Text("name"));
        var ids = new List<(JsonElement Branch, string Key)>();
        var position = 0;
        foreach (var branch in json.GetProperty("branches").EnumerateArray())
        {
            position++;
            var name = branch.Text("name");
            split.Branch(Predicate(branch), name is null ? null : Branched<TKey, object>.As(name));
            ids.Add((branch, name ?? position.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        IReadOnlyDictionary<string, KStream<TKey, object>> branches;
        if (json.TryGetProperty("default", out var rest))
        {
            var name = rest.Text("name");
            branches = split.DefaultBranch(name is null ? null : Branched<TKey, object>.As(name));
            ids.Add((rest, name ?? "0"));
        }
        else
        {
            branches = split.NoDefaultBranch();
        }

        foreach (var (branch, key) in ids)
        {
            context.Define(branch, Same(branches[json.Text("name") + key]));
        }

        return null;
    }

    private StreamHandle<TKey, object> Repartition(JsonElement json)
    {
        var (key, value) = (json.Type("keySerde") ?? KeyType, json.Type("valueSerde") ?? ValueType ?? DataType.String);
        var settings = new Repartitioned<TKey, object> { KeySerde = KeySerde(key), ValueSerde = value, Name = json.Text("name") };
        return new(Objects.Repartition(settings), key, value);
    }

    private object? To(JsonElement json, CaseContext context)
    {
        var (key, value) = context.Topics[json.Text("topic") ?? json.Text("like")!];
        var topicFrom = json.Expression("topicFrom");
        if (topicFrom is not null)
        {
            Objects.To((k, v) => (string)topicFrom.Evaluate(k, v)!, Produced<TKey, object>.With(KeySerde(key), value));
        }
        else if (stream is KStream<TKey, long> longs && value.Kind == "long")
        {
            longs.To(json.Text("topic")!, new Produced<TKey, long> { KeySerde = KeySerde(key), Name = json.Text("name") });
        }
        else
        {
            Objects.To(
                json.Text("topic")!, new Produced<TKey, object> { KeySerde = KeySerde(key), ValueSerde = value, Name = json.Text("name") });
        }

        return null;
    }

    private TableHandle<TKey, object> ToTable(JsonElement json, CaseContext context)
    {
        var (key, value) = (json.Type("keySerde") ?? KeyType ?? DataType.String, json.Type("valueSerde") ?? ValueType ?? DataType.String);
        var table = Objects.ToTable(json.Materialized<TKey, object>(KeySerde(key), value), json.Text("name"));
        return TableHandle<TKey, object>.Stored(table, key, value, json, context);
    }

    private GroupedHandle<TKey> GroupByKey(JsonElement json)
    {
        var (key, value) = (json.Type("keySerde") ?? KeyType ?? DataType.String, json.Type("valueSerde") ?? ValueType ?? DataType.String);
        var grouped = new Grouped<TKey, object> { KeySerde = KeySerde(key), ValueSerde = value, Name = json.Text("name") };
        return new(Objects.GroupByKey(grouped), key, value);
    }

    private GroupedHandle<object> GroupBy(JsonElement json)
    {
        var select = json.Expression("key")!;
        var (key, value) = (json.Type("keySerde") ?? DataType.String, json.Type("valueSerde") ?? ValueType ?? DataType.String);
        var grouped = new Grouped<object, object> { KeySerde = key, ValueSerde = value, Name = json.Text("name") };
        return new(Objects.GroupBy((k, v) => select.Evaluate(k, v)!, grouped), key, value);
    }
}
