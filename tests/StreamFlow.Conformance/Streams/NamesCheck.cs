using System.Text.Json;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Conformance.Streams;

/// <summary>Compares generated names: in the folder <c>names</c> stores and internal topics must be Kafka's.</summary>
internal static class NamesCheck
{
    public static string? Compare(JsonElement json, Topology topology)
    {
        if (topology.Options.Naming != TopologyNaming.Kafka)
        {
            return null;
        }

        var info = json.GetProperty("info");
        return Differs("stores", info, topology.Stores.Select(s => s.Name))
            ?? Differs("repartitionTopics", info, topology.RepartitionTopics.Select(t => InternalTopics.FullName("app", t.Name)))
            ?? Differs(
                "changelogTopics",
                info,
                topology.Stores.Where(s => s.IsLogged && !s.IsGlobal).Select(
                    s => s.SourceTopic ?? InternalTopics.Changelog("app", s.Name)));
    }

    private static string? Differs(string property, JsonElement info, IEnumerable<string> actual)
    {
        var expected = info.GetProperty(property).EnumerateArray().Select(n => n.GetString()!).Order(StringComparer.Ordinal).ToList();
        var sorted = actual.Distinct().Order(StringComparer.Ordinal).ToList();
        return expected.SequenceEqual(sorted)
            ? null
            : $"{property}: expected [{string.Join(", ", expected)}], was [{string.Join(", ", sorted)}]";
    }
}
