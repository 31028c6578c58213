using System.Text.Json;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Conformance.Streams.Bytes;

/// <summary>
/// Runs the events of one case and compares what is written to internal topics, byte for byte.
/// </summary>
internal sealed class BytesRun(JsonElement json, Topology topology, CaseContext context)
{
    private readonly List<InternalTopic> _topics = 
    [
        .. json.GetProperty("internal").EnumerateArray().Select(topic => new InternalTopic(topic, json.GetProperty("topology"))),
    ];

    /// <summary>Runs and compares.</summary>
    /// <returns>The first difference; null when there is none.</returns>
    public string? Execute()
    {
        using var driver = new TopologyTestDriver(topology, EventPlayer.Options(json));
        var player = new EventPlayer(driver, context);
        var index = 0;
        foreach (var e in json.GetProperty("events").EnumerateArray())
        {
            player.Play(e, index);
            foreach (var topic in _topics)
            {
                var expected = topic.Expected(index);
                var actual = topic.Actual(driver.ReadBytes(topic.Name));
                if (!expected.SequenceEqual(actual))
                {
                    return $"event {index}, {topic.Role} {topic.Name}: expected [{string.Join("; ", expected)}], "
                        + $"was [{string.Join("; ", actual)}]";
                }
            }

            index++;
        }

        var known = _topics.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var others = driver.ProducedTopicNames.Where(t => !known.Contains(t) && !context.Topics.ContainsKey(t)).ToList();
        return others.Count == 0 ? null : $"wrote to {string.Join(", ", others)}, which is not recorded";
    }
}
