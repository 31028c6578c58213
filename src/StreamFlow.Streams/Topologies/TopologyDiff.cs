using System.Globalization;
using System.Text.Json;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Topologies;

/// <summary>
/// Compares two versions of a topology by what they keep: stores, whose changelogs carry their names, and internal topics. The types of
/// keys and values are not compared, since a topology does not know them by name.
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
        string what, SortedDictionary<string, string> before, SortedDictionary<string, string> after)
    {
        foreach (var name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            var (was, willBe) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            yield return was is null ? new(TopologyFate.New, what, name, willBe!)
                : willBe is null ? new(TopologyFate.Lost, what, name, was)
                : was == willBe ? new(TopologyFate.Kept, what, name, was)
                : new(TopologyFate.Changed, what, name, $"{was}, then {willBe}");
        }
    }

    private static (SortedDictionary<string, string> Stores, SortedDictionary<string, string> Topics) Read(string json)
    {
        var stores = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var topics = new SortedDictionary<string, string>(StringComparer.Ordinal);
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
                stores[store.GetProperty("name").GetString()!] = Describe(store);
            }

            foreach (var topic in root.GetProperty("internalTopics").EnumerateArray())
            {
                topics[topic.GetProperty("name").GetString()!] = topic.TryGetProperty("partitions", out var partitions)
                    ? $"{partitions.GetInt32().ToString(CultureInfo.InvariantCulture)} partitions"
                    : "as many partitions as its inputs";
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
}
