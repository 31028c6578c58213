using StreamFlow.Broker.Configuration;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Handlers;

/// <summary>Puts settings in the words of DescribeConfigs.</summary>
internal static class ConfigDescriber
{
    /// <summary>Describes a setting.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="description">What it does, null when that is not told.</param>
    /// <param name="layers">The values it has, the one in force first.</param>
    /// <param name="default">The value when there are none.</param>
    /// <param name="withSynonyms">Whether all values are told.</param>
    public static DescribeConfigsResponse.DescribeConfigsResourceResult Describe(
        string name, LogConfigType type, string? description, List<ConfigLayer> layers, string @default, bool withSynonyms) => new()
    {
        Name = name,
        Value = layers is [{ Source: not ConfigSources.Default } first, ..] ? first.Value : @default,
        ConfigSource = layers is [var inForce, ..] ? inForce.Source : ConfigSources.Default,
        ConfigType = (sbyte)type,
        Documentation = description,
        Synonyms = withSynonyms
            ? layers.ConvertAll(l => new DescribeConfigsResponse.DescribeConfigsSynonym { Name = l.Name, Value = l.Value,
                Source = l.Source })
            : [],
    };
}
