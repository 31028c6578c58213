using System.Text.Json;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>Cogroups.</summary>
internal static class Cogroups
{
    public static object Apply(JsonElement op, CaseContext context)
    {
        // The first part's type says what the keys are; only the runtime knows it.
        dynamic first = context[op.GetProperty("parts")[0].Text("in")!];
        return Apply(first, op, context);
    }

    private static object Apply<TKey>(GroupedHandle<TKey> first, JsonElement op, CaseContext context)
    {
        CogroupedKStream<TKey, object>? all = null;
        foreach (var part in op.GetProperty("parts").EnumerateArray())
        {
            var grouped = context.Get<GroupedHandle<TKey>>(part, "in");
            var aggregator = Folds.Aggregator(part.Text("aggregator")!);
            Func<TKey, object, object, object> fold = (k, v, a) => aggregator(k, v, a)!;
            all = all is null ? grouped.Grouped.Cogroup(fold) : all.Cogroup(grouped.Grouped, fold);
        }

        var key = op.Type("keySerde") ?? first.KeyType;
        var value = op.Type("valueSerde") ?? DataType.String;
        var init = Folds.Initial(op.Text("init")!);
        var kept = op.Materialized(StreamHandle<TKey, object>.KeySerde(key), (Serde<object>)value);
        if (!op.TryGetProperty("window", out var window))
        {
            return TableHandle<TKey, object>.Stored(all!.Aggregate(() => init()!, kept, op.Text("name")), key, value, op, context);
        }

        var store = op.Text("store");
        switch (window.Text("kind"))
        {
            case "session":
                var merge = Folds.Merger(op.Text("merger")!);
                var sessions = all!.WindowedBy(WindowedHandles.Session(window))
                    .Aggregate(() => init()!, (k, a, b) => merge(k, a, b)!, kept, op.Text("name"));
                Add(context, store is null ? null : StoreReaders.Session<TKey, object>(store, key, value));
                return new TableHandle<Windowed<TKey>, object>(sessions, DataType.SessionWindowed(key), value);
            case "sliding":
                var sliding = all!.WindowedBy(WindowedHandles.Sliding(window)).Aggregate(() => init()!, kept, op.Text("name"));
                Add(context, store is null ? null : StoreReaders.TimestampedWindow<TKey, object>(store, key, value));
                return new TableHandle<Windowed<TKey>, object>(
                    sliding, DataType.TimeWindowed(key, WindowedHandles.Difference(window)), value);
            default:
                var windows = all!.WindowedBy(WindowedHandles.Time(window)).Aggregate(() => init()!, kept, op.Text("name"));
                Add(context, store is null ? null : StoreReaders.TimestampedWindow<TKey, object>(store, key, value));
                return new TableHandle<Windowed<TKey>, object>(windows, DataType.TimeWindowed(key, WindowedHandles.Size(window)), value);
        }
    }

    private static void Add(CaseContext context, StoreReader? reader)
    {
        if (reader is not null)
        {
            context.Stores.Add(reader);
        }
    }
}
