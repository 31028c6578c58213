using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>Collects the values of a topic setting in the order in which they hold: topic, this broker, all brokers, file.</summary>
internal sealed class ConfigLayers(MetadataLog metadata, BrokerOptions options)
{
    /// <summary>The values of a setting. It has one at least when it has a name for the broker.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="own">What was set on the topic; null for the broker's own view.</param>
    public List<ConfigLayer> Of(LogConfigKey key, IReadOnlyDictionary<string, string>? own = null)
    {
        var layers = new List<ConfigLayer>();
        if (own is not null && own.TryGetValue(key.Name, out var value))
        {
            layers.Add(new(key.Name, value, ConfigSources.Topic));
        }

        var image = metadata.Image;
        Add(layers, key, image.NodeConfigs, ConfigSources.DynamicBroker);
        Add(layers, key, image.BrokerConfigs, ConfigSources.DynamicDefault);
        if (options.TopicDefaults.TryGetValue(key.Name, out value))
        {
            layers.Add(new(key.BrokerName.Length > 0 ? key.BrokerName : key.Name, value, ConfigSources.StaticBroker));
        }

        if (DefaultOf(key) is { } @default)
        {
            layers.Add(@default);
        }

        return layers;
    }

    /// <summary>Who set the value in force.</summary>
    public sbyte SourceOf(LogConfigKey key, IReadOnlyDictionary<string, string> own) =>
        Of(key, own) is [var first, ..] ? first.Source : ConfigSources.Default;

    private static void Add(List<ConfigLayer> layers, LogConfigKey key, ImmutableSortedDictionary<string, string> set, sbyte source)
    {
        if (key.BrokerName.Length > 0 && set.TryGetValue(key.BrokerName, out var value))
        {
            layers.Add(new(key.BrokerName, value, source));
        }
        else if (set.TryGetValue(key.Name, out value))
        {
            layers.Add(new(key.Name, value, source));
        }
    }

    /// <summary>Kafka's default under the name that bears it; some settings have names of which none has one.</summary>
    private static ConfigLayer? DefaultOf(LogConfigKey key) => key.Name switch
    {
        "retention.ms" => new("log.retention.hours", "168", ConfigSources.Default),
        "flush.ms" or "segment.ms" or "segment.jitter.ms" => null,
        _ => key.BrokerName.Length > 0 ? new(key.BrokerName, key.Default, ConfigSources.Default) : null,
    };
}
