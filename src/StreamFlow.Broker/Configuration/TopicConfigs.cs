using System.Collections.Immutable;
using StreamFlow.Storage;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>The effective settings of one topic: its own, else the broker's, else Kafka's default.</summary>
/// <param name="own">Set on the topic.</param>
/// <param name="brokerDefaults">Set for the broker, under the topics' names.</param>
internal sealed class TopicConfigs(ImmutableSortedDictionary<string, string> own, ImmutableDictionary<string, string> brokerDefaults)
{
    /// <summary>What was set on the topic itself.</summary>
    public ImmutableSortedDictionary<string, string> Own { get; } = own;

    /// <summary>The effective value.</summary>
    public string ValueOf(LogConfigKey key) =>
        Own.TryGetValue(key.Name, out var value) || brokerDefaults.TryGetValue(key.Name, out value) ? value : key.Default;

    /// <summary>The settings as the log wants them.</summary>
    public LogConfig ToLogConfig() => LogConfig.FromProperties(Own, LogConfig.FromProperties(brokerDefaults));
}
