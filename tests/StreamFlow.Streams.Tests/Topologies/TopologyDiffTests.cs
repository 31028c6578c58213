using System.Text.Json;
using System.Text.RegularExpressions;
using StreamFlow.Core.Serialization;
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
                "Lost store counts: TimestampedKeyValue, string to long",
                "Kept store names: TimestampedKeyValue, filled from topic 'names', string to string",
                "New store totals: TimestampedKeyValue, string to long",
                "Changed store windows: TimestampedWindow, kept 10 ms, string to long, then TimestampedWindow, kept 20 ms, string to long",
                "Kept topic by-word-repartition: as many partitions as its inputs, string to string",
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
    public void A_store_or_topic_whose_keys_or_values_are_of_another_type_is_changed()
    {
        var changes = TopologyDiff.Compare(Sum(Serdes.Int32, v => 1), Sum(Serdes.Int64, v => 1L)).Select(c => $"{c.Fate} {c.What} {c.Name}: {c.Detail}");

        Assert.Equal(
            [
                "Changed store sums: TimestampedKeyValue, string to int, then TimestampedKeyValue, string to long",
                "Changed topic by-key-repartition: as many partitions as its inputs, string to int, then as many partitions as its inputs, string to long",
            ],
            changes);
    }

    [Fact]
    public void A_text_of_before_types_were_written_is_compared_without_them()
    {
        var after = Build("counts", 10);
        var before = Regex.Replace(after, @",\s*""(key|value)"": ""[^""]*""", string.Empty);

        Assert.DoesNotContain("\"value\"", before, StringComparison.Ordinal);
        Assert.All(TopologyDiff.Compare(before, after), c => Assert.Equal(TopologyFate.Kept, c.Fate));
    }

    [Theory]
    [InlineData(typeof(long?), "long?")]
    [InlineData(typeof(byte[]), "byte[]")]
    [InlineData(typeof(Windowed<string>), "Windowed<string>")]
    [InlineData(typeof(Dictionary<string, int[]>), "Dictionary<string, int[]>")]
    [InlineData(typeof(TopologyDiffTests), "TopologyDiffTests")]
    public void Types_are_named_as_in_a_program(Type type, string name) => Assert.Equal(name, TypePair.NameOf(type));

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

    private static string Sum<T>(Serde<T> serde, Func<string, T> value)
        where T : struct, System.Numerics.INumber<T>
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in")
            .Map((k, v) => (k, value(v)))
            .GroupByKey(Grouped<string, T>.With(null, serde).WithName("by-key"))
            .Reduce((a, b) => a + b, Materialized<string, T>.As("sums"));
        return builder.Build().Describe().ToJson();
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
