using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;

namespace StreamFlow.Broker.Configuration;

/// <summary>The defaults of topic settings as they are now: those changed while running go before those of the start.</summary>
internal sealed class BrokerDefaults(BrokerOptions options)
{
    private ImmutableDictionary<string, string> _current = options.TopicDefaults;

    /// <summary>The defaults under the topics' names.</summary>
    public ImmutableDictionary<string, string> Current => Volatile.Read(ref _current);

    /// <summary>Takes over what was changed while running.</summary>
    public void Update(MetadataImage image)
    {
        var merged = options.TopicDefaults;
        foreach (var (key, value) in image.BrokerConfigs.Concat(image.NodeConfigs))
        {
            if (TopicConfigKeys.ByAnyName(key) is { } definition)
            {
                merged = merged.SetItem(definition.Name, value);
            }
        }

        Volatile.Write(ref _current, merged);
    }
}
