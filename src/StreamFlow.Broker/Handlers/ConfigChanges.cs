using System.Collections.Immutable;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Handlers;

/// <summary>Applies changes of settings to the resource they name.</summary>
internal sealed class ConfigChanges(TopicAdmin admin, BrokerOptions options)
{
    /// <summary>What is wrong when a request has a setting of one resource twice.</summary>
    public const string NamedTwice = "A setting is named twice.";

    public ValueTask<AdminResult> ApplyAsync(
        sbyte resourceType,
        string resourceName,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change,
        bool validateOnly) => resourceType switch
    {
        MetadataRecords.TopicResource => admin.ConfigureTopicAsync(resourceName, change, validateOnly),
        MetadataRecords.BrokerResource when resourceName.Length == 0 || resourceName == $"{options.NodeId}" =>
            admin.ConfigureBrokerAsync(change, validateOnly),
        MetadataRecords.BrokerResource => new(
            new AdminResult(ErrorCode.InvalidRequest, $"There is no broker {resourceName}, only {options.NodeId}.")),
        _ => new(new AdminResult(ErrorCode.InvalidRequest, $"Settings of resource type {resourceType} cannot be changed here.")),
    };

    /// <summary>Adds elements to a list setting, or takes them away.</summary>
    /// <exception cref="ConfigurationException">The setting is not a list.</exception>
    public static string Combine(string name, string old, string change, bool subtract)
    {
        if (TopicConfigKeys.ByAnyName(name) is not { Type: LogConfigType.List })
        {
            throw new ConfigurationException($"Config value append is not allowed for config key: {name}");
        }

        var elements = TopicConfigKeys.Split(old);
        var changed = TopicConfigKeys.Split(change);
        return string.Join(',', subtract ? elements.Except(changed) : elements.Union(changed));
    }
}
