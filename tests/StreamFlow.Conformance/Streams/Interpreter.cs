using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Conformance.Streams;

/// <summary>Builds the topology of a case through the public DSL (FORMAT section 6).</summary>
internal static class Interpreter
{
    public static (Topology Topology, CaseContext Context) Build(JsonElement json)
    {
        var context = new CaseContext(json, new StreamsBuilder(Options(json)));
        foreach (var op in json.GetProperty("topology").EnumerateArray())
        {
            context.Define(op, Apply(op, context));
        }

        return (context.Builder.Build(), context);
    }

    private static TopologyOptions Options(JsonElement json)
    {
        // Vectors of bytes do not name quirks; they are of Kafka Streams as it is, names included.
        var hasQuirks = json.TryGetProperty("quirks", out var quirks);
        var compatibility = hasQuirks
            ? KafkaCompatibility.UnseenOldValues // no quirk's name stands for it
            : KafkaCompatibility.All;
        foreach (var quirk in hasQuirks ? quirks.EnumerateArray() : default)
        {
            compatibility |= quirk.GetString() switch
            {
                "late-join-records" => KafkaCompatibility.LateJoinRecords,
                "unmatched-before-grace" => KafkaCompatibility.UnmatchedBeforeGrace,
                "default-retention" => KafkaCompatibility.DefaultRetention,
                var unknown => throw new NotSupportedException($"quirk '{unknown}'"),
            };
        }

        var all = json.GetProperty("config").Text("optimization") == "all";
        return new TopologyOptions
        {
            Naming = CaseContext.HasKafkaNamesIn(json) ? TopologyNaming.Kafka : TopologyNaming.Stable,
            Optimizations = all ? TopologyOptimizations.All : TopologyOptimizations.None,
            Compatibility = compatibility,
        };
    }

    private static object? Apply(JsonElement op, CaseContext context)
    {
        var word = op.Text("op")!;
        switch (word)
        {
            case "stream":
                return Stream(op, context);
            case "table":
                return Table(op, context);
            case "store":
                return Store(op, context);
            case "globalStore":
                return GlobalStore(op, context);
            case "merge":
                var inputs = op.GetProperty("in").EnumerateArray().Select(i => (IStreamHandle)context[i.GetString()!]);
                return inputs.Aggregate((a, b) => a.Merge(b, op.Text("name")));
            case "join" or "globalTable":
                return Joins.Apply(word, op, context);
            case "cogroup":
                return Cogroups.Apply(op, context);
            default:
                if (word == "count" && context.HasKafkaNames && op.TryGetProperty("store", out _))
                {
                    return Apply(CountAsAggregate(op), context);
                }

                return context[op.Text("in")!] switch
                {
                    IStreamHandle stream => stream.Apply(word, op, context),
                    ITableHandle table => table.Apply(word, op, context),
                    IGroupedHandle grouped => grouped.Apply(word, op, context),
                    GroupedTableHandle grouped => grouped.Apply(word, op, context),
                    var other => throw new NotSupportedException($"operation '{word}' on a {other.GetType().Name}"),
                };
        }
    }

    /// <summary>
    /// The same count with objects as values: what follows a count of longs turns them into objects by an operator that takes a number. Not
    /// for a count without a store's name, which takes one number more than an aggregate.
    /// </summary>
    private static JsonElement CountAsAggregate(JsonElement op)
    {
        var aggregate = JsonObject.Create(op)!;
        aggregate["op"] = "aggregate";
        aggregate["init"] = "long:0";
        aggregate["aggregator"] = "count";
        aggregate["subtractor"] = "uncount";
        aggregate["merger"] = "merge-add";
        aggregate["valueSerde"] = "long";
        return JsonSerializer.SerializeToElement(aggregate);
    }

    private static StreamHandle<object, object> Stream(JsonElement op, CaseContext context)
    {
        if (op.Text("pattern") is { } pattern)
        {
            var (key, value) = context.Topics[op.Text("like")!];
            return new(context.Builder.Stream(new Regex(pattern), Consumed(op, key, value)), key, value);
        }

        var topics = op.GetProperty("topics").EnumerateArray().Select(t => t.GetString()!).ToArray();
        var types = context.Topics[op.Text("like") ?? topics[0]];
        return new(context.Builder.Stream(topics, Consumed(op, types.Key, types.Value)), types.Key, types.Value);
    }

    private static TableHandle<object, object> Table(JsonElement op, CaseContext context)
    {
        var topic = op.Text("topic")!;
        var (key, value) = context.Topics[topic];
        var table = context.Builder.Table(topic, Consumed(op, key, value), op.Materialized<object, object>(key, value));
        return TableHandle<object, object>.Stored(table, key, value, op, context);
    }

    public static Consumed<object, object> Consumed(JsonElement op, DataType key, DataType value) => new()
    {
        KeySerde = key,
        ValueSerde = value,
        Name = op.Text("name"),
        TimestampExtractor = op.Text("timestamp") switch
        {
            null => null,
            "log-and-skip" => TimestampExtractors.LogAndSkipOnInvalid<object, object>(),
            var text => Extractor(Expression.Parse(text)),
        },
    };

    private static TimestampExtractor<object, object> Extractor(Expression expression) => (in record, in _) =>
        expression.Evaluate(record.Key, record.Value) is { } time ? Values.Num(time) : -1;

    private static object? Store(JsonElement op, CaseContext context)
    {
        var (name, key, value) = (op.Text("name")!, op.Type("keySerde")!, op.Type("valueSerde")!);
        Serde<object> keySerde = key;
        Serde<object> valueSerde = value;
        var (builder, reader) = op.Text("kind") switch
        {
            "keyValue" => (Stores.KeyValue(name, keySerde, valueSerde), StoreReaders.KeyValue<object, object>(name, key, value)),
            "timestampedKeyValue" => (
                Stores.TimestampedKeyValue(name, keySerde, valueSerde),
                StoreReaders.Table<object, object>(name, key, value)),
            "window" => (
                Stores.Window(name, op.Milliseconds("retention")!.Value, op.Milliseconds("size")!.Value, keySerde, valueSerde),
                StoreReaders.Window<object, object>(name, key, value)),
            "session" => (
                Stores.Session(
                    name,
                    op.Milliseconds("retention")!.Value,
                    keySerde,
                    valueSerde), StoreReaders.Session<object, object>(name, key, value)),
            var kind => throw new NotSupportedException($"store of kind '{kind}'"),
        };
        context.Builder.AddStateStore(builder);
        context.Stores.Add(reader);
        return null;
    }

    private static object? GlobalStore(JsonElement op, CaseContext context)
    {
        var (name, topic) = (op.Text("store")!, op.Text("topic")!);
        var (key, value) = context.Topics[topic];
        context.Builder.AddGlobalStore(
            Stores.KeyValue<object, object>(name, key, value),
            topic,
            new Consumed<object, object> { KeySerde = key, ValueSerde = value },
            () => new PutAll(name));
        context.Stores.Add(StoreReaders.KeyValue<object, object>(name, key, value));
        return null;
    }
}
