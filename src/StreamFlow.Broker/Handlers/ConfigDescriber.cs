using StreamFlow.Broker.Configuration;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Handlers;

/// <summary>Puts settings in the words of DescribeConfigs.</summary>
internal static class ConfigDescriber
{
    /// <summary>Set on the topic.</summary>
    public const int TopicSource = 1;

    /// <summary>Set for all brokers while running.</summary>
    public const int DynamicBrokerSource = 3;

    /// <summary>Set in the broker's own configuration.</summary>
    public const int StaticBrokerSource = 4;

    /// <summary>Nobody set it.</summary>
    public const int DefaultSource = 5;

    public static int SourceOf(TopicConfigs configs, string name) => configs.Own.ContainsKey(name)
        ? TopicSource
        : configs.IsSetForBroker(name) ? StaticBrokerSource : DefaultSource;

    public static DescribeConfigsResponse.DescribeConfigsResourceResult Topic(
        LogConfigKey definition, TopicConfigs configs, bool withSynonyms)
    {
        var source = SourceOf(configs, definition.Name);
        var described = new DescribeConfigsResponse.DescribeConfigsResourceResult
        {
            Name = definition.Name,
            Value = configs.ValueOf(definition),
            ConfigSource = (sbyte)source,
            ConfigType = (sbyte)definition.Type,
            Documentation = definition.Description,
        };
        if (!withSynonyms)
        {
            return described;
        }

        if (source == TopicSource)
        {
            described.Synonyms.Add(new() { Name = definition.Name, Value = described.Value, Source = TopicSource });
        }

        if (definition.BrokerName is { Length: > 0 } brokerName)
        {
            described.Synonyms.Add(new() { Name = brokerName, Value = definition.Default, Source = DefaultSource });
        }

        return described;
    }

    /// <summary>A setting of the broker; a secret's value is not shown (null).</summary>
    public static DescribeConfigsResponse.DescribeConfigsResourceResult Broker(string name, string? value, int source, bool readOnly) =>
        new()
    {
        Name = name,
        Value = value,
        ConfigSource = (sbyte)source,
        ReadOnly = readOnly,
        IsSensitive = BrokerOptionsBinder.IsSecret(name),
        ConfigType = (sbyte)(TopicConfigKeys.ByAnyName(name)?.Type ?? LogConfigType.String),
    };
}
