using System.Text;
using System.Text.Json;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Conformance.Streams;

/// <summary>Runs the events of one run through a fresh driver and compares what comes out (FORMAT sections 1, 2 and 7).</summary>
internal sealed class CaseRun(JsonElement json, JsonElement run, Topology topology, CaseContext context, bool restarts)
{
    private const int EventsPerRestart = 5;

    private readonly bool _ordersByKey = json.Text("order") == "key";
    private readonly List<JsonElement> _events = [.. run.GetProperty("events").EnumerateArray()];

    /// <summary>Runs and compares.</summary>
    /// <returns>The first difference; null when there is none.</returns>
    public string? Execute()
    {
        using var driver = new TopologyTestDriver(topology, EventPlayer.Options(json));
        var player = new EventPlayer(driver, context);
        var ended = "ok";
        var random = new Random(run.GetProperty("seed").GetInt32());
        for (var i = 0; i < _events.Count && ended == "ok"; i++)
        {
            ended = player.Play(_events[i], i);
            if (CompareOutput(driver, _events[i]) is { } difference)
            {
                return $"event {i}: {difference}";
            }

            if (restarts && ended == "ok" && random.Next(EventsPerRestart) == 0)
            {
                driver.Restart();
            }
        }

        var expectedEnd = run.GetProperty("end") is { ValueKind: JsonValueKind.Object } end
            ? $"{end.GetProperty("event").GetInt32()}:{end.Text("error")}"
            : "ok";
        return ended != expectedEnd ? $"end: expected {expectedEnd}, was {ended}"
            : driver.DroppedRecords != run.GetProperty("dropped").GetInt64()
                ? $"dropped: expected {run.GetProperty("dropped")}, was {driver.DroppedRecords}"
            : CompareStores(driver);
    }

    private string? CompareOutput(TopologyTestDriver driver, JsonElement e)
    {
        foreach (var (topic, (key, value)) in context.Topics)
        {
            var expected = e.TryGetProperty("out", out var output) && output.TryGetProperty(topic, out var records)
                ? records.EnumerateArray().Select(r => Expected(r, key, value)).ToList()
                : [];
            var actual = driver.ReadBytes(topic).Select(r => Actual(r, topic, key, value)).ToList();
            if (_ordersByKey)
            {
                expected = [.. expected.OrderBy(r => r.Key, StringComparer.Ordinal)];
                actual = [.. actual.OrderBy(r => r.Key, StringComparer.Ordinal)];
            }

            if (!expected.SequenceEqual(actual))
            {
                return $"topic {topic}: expected [{string.Join("; ", expected.Select(r => r.Text))}], "
                    + $"was [{string.Join("; ", actual.Select(r => r.Text))}]";
            }
        }

        return null;
    }

    private static (string Key, string Text) Expected(JsonElement record, DataType key, DataType value)
    {
        var headers = record.GetArrayLength() > 3
            ? string.Concat(record[3].EnumerateArray().Select(h => $" {h[0].GetString()}={h[1].GetString()}"))
            : string.Empty;
        var k = Canonical.Of(key.FromJson(record[0]));
        return (k, $"{k} -> {Canonical.Of(value.FromJson(record[1]))} @{record[2].GetInt64()}{headers}");
    }

    private static (string Key, string Text) Actual(TopicRecord record, string topic, DataType key, DataType value)
    {
        var headers = string.Concat(record.Headers.Select(h => $" {h.Key}={Encoding.UTF8.GetString(h.Value ?? [])}"));
        var k = Canonical.Of(record.Key is null ? null : key.Deserialize(record.Key, SerdeContext.ForKey(topic)));
        var v = Canonical.Of(record.Value is null ? null : value.Deserialize(record.Value, SerdeContext.ForValue(topic)));
        return (k, $"{k} -> {v} @{record.Timestamp}{headers}");
    }

    private string? CompareStores(TopologyTestDriver driver)
    {
        if (!run.TryGetProperty("stores", out var stores))
        {
            return null;
        }

        foreach (var store in stores.EnumerateObject())
        {
            var reader = context.Stores.Find(s => s.Name == store.Name);
            if (reader is null)
            {
                return $"store {store.Name}: the interpreter does not know it";
            }

            var kind = store.Value.Text("kind")!;
            var rows = store.Value.GetProperty("rows").EnumerateArray();
            var expected = rows.Select(r => Row(r, kind, reader)).Order(StringComparer.Ordinal).ToList();
            var actual = reader.Read(driver, _events).Select(
                r => string.Join(", ", r.Select(Canonical.Of))).Order(StringComparer.Ordinal).ToList();
            if (!expected.SequenceEqual(actual))
            {
                var missing = expected.Except(actual).Take(3);
                var extra = actual.Except(expected).Take(3);
                return $"store {store.Name}: {expected.Count} rows expected, {actual.Count} there; "
                    + $"missing [{string.Join("; ", missing)}], extra [{string.Join("; ", extra)}]";
            }
        }

        return null;
    }

    private static string Row(JsonElement row, string kind, StoreReader reader)
    {
        var valueAt = kind switch { "keyValue" or "timestampedKeyValue" => 1, "session" => 3, _ => 2 };
        var cells = row.EnumerateArray().Select((cell, i) =>
            i == 0 ? reader.KeyType.FromJson(cell)
            : i == valueAt ? reader.ValueType.FromJson(cell)
            : cell.ValueKind == JsonValueKind.String ? cell.GetString() : cell.GetInt64());
        return string.Join(", ", cells.Select(Canonical.Of));
    }
}
