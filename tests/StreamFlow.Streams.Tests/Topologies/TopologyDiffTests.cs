using System.Text.Json;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Topologies;

public sealed class TopologyDiffTests
{
    [Fact]
    public void Stores_and_topics_are_kept_changed_lost_or_new()
    {
        var before = Build(storeName: "counts", windowMs: 10);
        var after = Build(storeName: "totals", windowMs: 20);

        var changes = TopologyDiff.Compare(before, after).Select(c => $"{c.Fate} {c.What} {c.Name}: {c.Detail}");

        Assert.Equal(
            [
                "Lost store counts: TimestampedKeyValue",
                "Kept store names: TimestampedKeyValue, filled from topic 'names'",
                "New store totals: TimestampedKeyValue",
                "Changed store windows: TimestampedWindow, kept 10 ms, then TimestampedWindow, kept 20 ms",
                "Kept topic by-word-repartition: as many partitions as its inputs",
            ],
            changes);
    }

    [Fact]
    public void A_new_operator_elsewhere_keeps_everything()
    {
        var before = Build("counts", 10);
        var after = Build("counts", 10, builder => builder.Stream<string, string>("other").Filter((_, v) => v.Length > 0).To("more"));

        Assert.All(TopologyDiff.Compare(before, after), c => Assert.Equal(TopologyFate.Kept, c.Fate));
    }

    [Fact]
    public void A_text_that_is_no_topology_is_refused()
    {
        Assert.Throws<StreamsException>(() => TopologyDiff.Compare("{}", "{}"));
        Assert.Throws<StreamsException>(() => TopologyDiff.Compare("no json", "{}"));
    }

    [Fact]
    public void Json_has_nodes_with_their_successors()
    {
        using var json = JsonDocument.Parse(Build("counts", 10));
        var nodes = json.RootElement.GetProperty("subtopologies")[0].GetProperty("nodes").EnumerateArray().ToList();

        var source = nodes.First(n => n.GetProperty("kind").GetString() == "source");
        Assert.Equal("in", source.GetProperty("topics")[0].GetString());
        Assert.All(source.GetProperty("successors").EnumerateArray(), successor => Assert.Contains(
            nodes, n => n.GetProperty("name").GetString() == successor.GetString()));
    }

    private static string Build(string storeName, int windowMs, Action<StreamsBuilder>? more = null)
    {
        var builder = new StreamsBuilder();
        builder.GlobalTable<string, string>("names", materialized: new() { StoreName = "names" });
        var words = builder.Stream<string, string>("in").GroupBy((_, v) => v, Grouped<string, string>.As("by-word"));
        words.Count(Materialized<string, long>.As(storeName));
        words.WindowedBy(TimeWindows.OfSizeWithNoGrace(TimeSpan.FromMilliseconds(windowMs))).Count(Materialized<string, long>.As("windows"));
        more?.Invoke(builder);
        return builder.Build().Describe().ToJson();
    }
}
