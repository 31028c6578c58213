using System.Collections.Immutable;
using System.Globalization;

namespace StreamFlow.Broker.Configuration;

/// <summary>The effective settings of one topic: its own, else the broker's, else Kafka's default.</summary>
/// <param name="own">Set on the topic.</param>
/// <param name="brokerDefaults">Set for the broker, under the topics' names.</param>
internal sealed class TopicConfigs(ImmutableSortedDictionary<string, string> own, ImmutableDictionary<string, string> brokerDefaults)
{
    /// <summary>What was set on the topic itself.</summary>
    public ImmutableSortedDictionary<string, string> Own { get; } = own;

    public string this[string name] =>
        Own.TryGetValue(name, out var value) || brokerDefaults.TryGetValue(name, out value)
            ? value
            : TopicConfigTable.Find(name)?.Default ?? throw new ArgumentException($"'{name}' is not a topic setting", nameof(name));

    public int Int(string name) => int.Parse(this[name], CultureInfo.InvariantCulture);

    public long Long(string name) => long.Parse(this[name], CultureInfo.InvariantCulture);

    public double Double(string name) => double.Parse(this[name], CultureInfo.InvariantCulture);

    public bool Bool(string name) => bool.Parse(this[name]);

    /// <summary>Whether the value comes from the broker's settings rather than from Kafka's defaults.</summary>
    public bool IsSetForBroker(string name) => brokerDefaults.ContainsKey(name);
}
