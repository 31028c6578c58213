using System.Globalization;
using System.Text.Json;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Topologies;

/// <summary>
/// Compares two versions of a topology by what they keep: stores, whose changelogs carry their names, and internal topics, with the types
/// of their keys and values. Types count by their names: whether the fields of one have changed, or its serde, is not seen. A text that an
/// older version wrote has no types; they are not compared then.
/// </summary>
public static class TopologyDiff
{
    /// <summary>Says what an upgrade keeps.</summary>
    /// <param name="before">The version that runs, as <see cref="TopologyDescription.ToJson"/> wrote it.</param>
    /// <param name="after">The version that shall run, as <see cref="TopologyDescription.ToJson"/> wrote it.</param>
    /// <returns>One line per store and internal topic, stores first, by name.</returns>
    /// <exception cref="StreamsException">A text is not a topology.</exception>
    public static IReadOnlyList<TopologyChange> Compare(string before, string after)
    {
        var (oldStores, oldTopics) = Read(before);
        var (newStores, newTopics) = Read(after);
        return [.. Compare("store", oldStores, newStores), .. Compare("topic", oldTopics, newTopics)];
    }

    private static IEnumerable<TopologyChange> Compare(
        string what, SortedDictionary<string, Content> before, SortedDictionary<string, Content> after)
    {
        foreach (var name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            var (was, willBe) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            yield return was is null ? new(TopologyFate.New, what, name, willBe!.ToString())
                : willBe is null ? new(TopologyFate.Lost, what, name, was.ToString())
                : was.Fits(willBe) ? new(TopologyFate.Kept, what, name, willBe.ToString())
                : new(TopologyFate.Changed, what, name, $"{was}, then {willBe}");
        }
    }

    private static (SortedDictionary<string, Content> Stores, SortedDictionary<string, Content> Topics) Read(string json)
    {
        var stores = new SortedDictionary<string, Content>(StringComparer.Ordinal);
        var topics = new SortedDictionary<string, Content>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var parts = root.GetProperty("subtopologies").EnumerateArray().ToList();
            if (root.TryGetProperty("global", out var global))
            {
                parts.Add(global);
            }

            foreach (var store in parts.SelectMany(p => p.GetProperty("stores").EnumerateArray()))
            {
                stores[store.GetProperty("name").GetString()!] = new Content(Describe(store), TypesOf(store));
            }

            foreach (var topic in root.GetProperty("internalTopics").EnumerateArray())
            {
                var size = topic.TryGetProperty("partitions", out var partitions)
                    ? $"{partitions.GetInt32().ToString(CultureInfo.InvariantCulture)} partitions"
                    : "as many partitions as its inputs";
                topics[topic.GetProperty("name").GetString()!] = new Content(size, TypesOf(topic));
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new StreamsException("this is not a topology as `topology describe --format json` writes it: " + e.Message);
        }

        return (stores, topics);
    }

    private static string Describe(JsonElement store)
    {
        var retention = store.GetProperty("retentionMs").GetInt64();
        return store.GetProperty("kind").GetString()
            + (retention > 0 ? $", kept {retention.ToString(CultureInfo.InvariantCulture)} ms" : string.Empty)
            + (store.GetProperty("duplicates").GetBoolean() ? ", with duplicates" : string.Empty)
            + (store.TryGetProperty("sourceTopic", out var topic) ? $", filled from topic '{topic.GetString()}'"
                : store.GetProperty("logged").GetBoolean() ? string.Empty : ", not logged");
    }

    private static string? TypesOf(JsonElement content) =>
        content.TryGetProperty("key", out var key) && content.TryGetProperty("value", out var value)
            ? $"{key.GetString()} to {value.GetString()}"
            : null;

    /// <summary>What a store or topic holds.</summary>
    /// <param name="Layout">All but the types.</param>
    /// <param name="Types">Types of keys and values; null when the text has none.</param>
    private sealed record Content(string Layout, string? Types)
    {
        public bool Fits(Content other) =>
            Layout == other.Layout && (Types is null || other.Types is null || Types == other.Types);

        public override string ToString() => Types is null ? Layout : $"{Layout}, {Types}";
    }
}
