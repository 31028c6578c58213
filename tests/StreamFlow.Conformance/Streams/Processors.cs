using System.Text.Json;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Processing;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Conformance.Streams;

/// <summary>The processors of the format (FORMAT section 6.1) by word.</summary>
internal static class Processors
{
    public static object Apply<TKey>(string op, KStream<TKey, object> stream, DataType? key, DataType? value, JsonElement json)
    {
        var stores = json.TryGetProperty("stores", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToArray() : [];
        var args = json.TryGetProperty("args", out var given) ? given : default;
        var word = json.Text("processor")!;
        var name = json.Text("name");
        if (op == "processValues")
        {
            return new StreamHandle<TKey, object>(stream.ProcessValues(() => MakeFixed<TKey>(word, stores), stores, name), key, null);
        }

        var input = stream as KStream<object, object> ?? stream.Process(static () => new KeysAsObjects<TKey>());
        return new StreamHandle<object, object>(input.Process(() => Make(word, args, stores), stores, name), null, null);
    }

    private static Processor<object, object, object, object> Make(string word, JsonElement args, string[] stores) => word switch
    {
        "dedupe" => new Dedupe(stores[0], args.GetProperty("within").GetInt64()),
        "running-max" => new RunningMax(stores[0]),
        "count-punctuate" => new CountPunctuate(stores[0], Interval(args), Type(args), args.GetProperty("clear").GetBoolean()),
        "tick" => new Tick(Interval(args), Type(args), args.GetProperty("times").GetInt64()),
        "window-lookup" => new WindowLookup(stores[0], args.GetProperty("span").GetInt64()),
        "session-merge" => new SessionMerge(stores[0], args.GetProperty("gap").GetInt64()),
        "ttl" => new TimeToLive(stores[0], args.GetProperty("ttl").GetInt64(), Interval(args)),
        "headers" => new TagHeaders(),
        "retime" => new Retime(args.GetProperty("shift").GetInt64()),
        "global-read" => new GlobalRead(args.Text("store")!),
        "clock" => new Clock(),
        "metadata" => new Metadata(),
        "fan-out" => new FanOut(args.GetProperty("copies").GetInt32()),
        "commands" => new Commands(stores[0]),
        _ => throw new NotSupportedException($"processor '{word}'"),
    };

    private static FixedKeyProcessor<TKey, object, object> MakeFixed<TKey>(string word, string[] stores) => word switch
    {
        "number" => new NumberValues<TKey>(stores[0]),
        "twice" => new Twice<TKey>(),
        _ => throw new NotSupportedException($"processor '{word}'"),
    };

    private static TimeSpan Interval(JsonElement args) => args.Milliseconds("interval")!.Value;

    private static PunctuationType Type(JsonElement args) =>
        args.Text("type") == "stream-time" ? PunctuationType.StreamTime : PunctuationType.WallClock;
}
