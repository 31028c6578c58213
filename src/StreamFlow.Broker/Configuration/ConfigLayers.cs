using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>Collects the values of topic settings in the order in which they hold: topic, this broker, all brokers, file.</summary>
internal sealed class ConfigLayers(MetadataLog metadata, BrokerOptions options)
{
    private readonly ImmutableSortedDictionary<string, string> _static = StaticOf(options);

    /// <summary>The values of a topic's setting; none when its default goes by another name.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="own">What was set on the topic; null for the broker's own view.</param>
    public List<ConfigLayer> Of(LogConfigKey key, IReadOnlyDictionary<string, string>? own = null)
    {
        List<ConfigLayer> layers = key.BrokerName.Length > 0 ? OfBroker(key.BrokerName) : [];
        if (own is not null && own.TryGetValue(key.Name, out var value))
        {
            layers.Insert(0, new(key.Name, value, ConfigSources.Topic));
        }

        return layers;
    }

    /// <summary>
    /// The values of a broker's setting: its own and those of the settings that stand in for it. As Kafka shows them, the list begins with
    /// a value under the very name; when there is none it is empty, whatever the others are.
    /// </summary>
    public List<ConfigLayer> OfBroker(string name)
    {
        var image = metadata.Image;
        var names = BrokerSynonyms.NamesOf(name);
        var layers = new List<ConfigLayer>();
        Add(layers, names, image.NodeConfigs, ConfigSources.DynamicBroker);
        Add(layers, names, image.BrokerConfigs, ConfigSources.DynamicDefault);
        Add(layers, names, _static, ConfigSources.StaticBroker);
        foreach (var one in names)
        {
            if (BrokerSynonyms.DefaultOf(one) is { } @default)
            {
                layers.Add(new(one, @default, ConfigSources.Default));
            }
        }

        return [.. layers.SkipWhile(l => l.Name != name)];
    }

    /// <summary>Who set the value in force.</summary>
    public sbyte SourceOf(LogConfigKey key, IReadOnlyDictionary<string, string> own) =>
        Of(key, own) is [var first, ..] ? first.Source : ConfigSources.Default;

    /// <summary>What was given at the start, under the broker's names.</summary>
    private static ImmutableSortedDictionary<string, string> StaticOf(BrokerOptions options)
    {
        var given = options.GivenTopicDefaults;
        var set = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in given.Concat(options.TopicDefaults.Where(d => !BrokerSynonyms.IsGiven(d.Key, given))))
        {
            set[BrokerNameOf(name)] = value;
        }

        return set.ToImmutable();
    }

    private static string BrokerNameOf(string name) => LogConfigKeys.Find(name) is { BrokerName.Length: > 0 } key ? key.BrokerName : name;

    private static void Add(
        List<ConfigLayer> layers, IReadOnlyList<string> names, ImmutableSortedDictionary<string, string> set, sbyte source)
    {
        foreach (var name in names)
        {
            if (set.TryGetValue(name, out var value)
                || (TopicConfigKeys.ByAnyName(name) is { } key && set.TryGetValue(key.Name, out value)))
            {
                layers.Add(new(name, value, source));
            }
        }
    }
}
