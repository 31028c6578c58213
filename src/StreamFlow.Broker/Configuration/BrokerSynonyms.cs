using System.Collections.Immutable;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>
/// The names that a broker has for one default of topics. Times can be given in several units, the finest of which holds; those of Kafka
/// whose defaults are in hours have no default in milliseconds.
/// </summary>
internal static class BrokerSynonyms
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    /// <summary>The stand-ins of a setting, those that go first first.</summary>
    private static readonly ImmutableSortedDictionary<string, BrokerSynonym[]> ByHead = new Dictionary<string, BrokerSynonym[]>
    {
        ["log.retention.ms"] =
        [
            new("log.retention.minutes", LogConfigType.Int32, Minute, null),
            new("log.retention.hours", LogConfigType.Int32, Hour, "168"),
        ],
        ["log.roll.ms"] = [new("log.roll.hours", LogConfigType.Int32, Hour, "168")],
        ["log.roll.jitter.ms"] = [new("log.roll.jitter.hours", LogConfigType.Int32, Hour, "0")],
        ["log.flush.interval.ms"] = [new("log.flush.scheduler.interval.ms", LogConfigType.Int64, 1, "9223372036854775807")],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Every stand-in.</summary>
    public static IEnumerable<BrokerSynonym> All => ByHead.Values.SelectMany(s => s);

    /// <summary>The stand-in of the name, or null.</summary>
    public static BrokerSynonym? Find(string name) => All.FirstOrDefault(s => s.Name == name);

    /// <summary>A broker's setting and those that stand in for it.</summary>
    public static IReadOnlyList<string> NamesOf(string name)
    {
        var head = HeadOf(name);
        return ByHead.TryGetValue(head, out var synonyms) ? [head, .. synonyms.Select(s => s.Name)] : [head];
    }

    /// <summary>Kafka's default of a broker's setting, under this very name; null when it bears another one.</summary>
    public static string? DefaultOf(string name) =>
        ByHead.ContainsKey(name) ? null : Find(name)?.Default ?? TopicConfigKeys.ByAnyName(name)?.Default;

    /// <summary>What settings that were given at a start say, under the topics' names.</summary>
    public static IEnumerable<KeyValuePair<string, string>> TopicDefaultsOf(IReadOnlyDictionary<string, string> given)
    {
        foreach (var key in LogConfigKeys.All)
        {
            if (given.TryGetValue(key.Name, out var value) || given.TryGetValue(key.BrokerName, out value))
            {
                yield return KeyValuePair.Create(key.Name, value);
            }
            else if (ByHead.GetValueOrDefault(key.BrokerName)?.FirstOrDefault(s => given.ContainsKey(s.Name)) is { } synonym)
            {
                yield return KeyValuePair.Create(key.Name, synonym.InMilliseconds(given[synonym.Name]));
            }
        }
    }

    /// <summary>Whether a topic's setting was given a default under any of its names.</summary>
    public static bool IsGiven(string topicName, IReadOnlyDictionary<string, string> given) =>
        given.ContainsKey(topicName) || NamesOf(LogConfigKeys.Find(topicName)?.BrokerName ?? topicName).Any(given.ContainsKey);

    private static string HeadOf(string name)
    {
        foreach (var (head, synonyms) in ByHead)
        {
            if (Array.Exists(synonyms, s => s.Name == name))
            {
                return head;
            }
        }

        return name;
    }
}
