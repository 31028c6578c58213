using System.Collections.Immutable;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Handlers;

/// <summary>Applies changes of settings to the resource they name.</summary>
internal sealed class ConfigChanges(ConfigAdmin admin, BrokerOptions options)
{
    /// <summary>What is wrong when a request has a setting of one resource twice.</summary>
    public const string NamedTwice = "A resource or one of its settings is named twice.";

    public ValueTask<AdminResult> ApplyAsync(
        sbyte resourceType,
        string resourceName,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change,
        bool validateOnly) => resourceType switch
    {
        MetadataRecords.TopicResource when resourceName.Length == 0 => new(
            new AdminResult(ErrorCode.InvalidRequest, "A topic has to be named; defaults of all topics are settings of the broker.")),
        MetadataRecords.TopicResource when TopicName.WhyInvalid(resourceName) is { } reason =>
            new(new AdminResult(ErrorCode.InvalidTopicException, reason)),
        MetadataRecords.TopicResource => admin.ConfigureTopicAsync(resourceName, change, validateOnly),
        MetadataRecords.BrokerResource when resourceName.Length == 0 || resourceName == $"{options.NodeId}" =>
            admin.ConfigureBrokerAsync(resourceName, change, validateOnly),
        MetadataRecords.BrokerResource => new(
            new AdminResult(ErrorCode.InvalidRequest, $"There is no broker {resourceName}, only {options.NodeId}.")),
        MetadataRecords.ClientMetricsResource when resourceName.Length > 0 =>
            admin.ConfigureClientMetricsAsync(resourceName, change, validateOnly),
        MetadataRecords.GroupResource when resourceName.Length > 0 =>
            admin.ConfigureGroupAsync(resourceName, change, validateOnly),
        _ => new(new AdminResult(
            ErrorCode.InvalidRequest, $"Settings of resource type {resourceType} with name '{resourceName}' cannot be changed here.")),
    };

    /// <summary>Adds elements to a list setting, or takes them away.</summary>
    /// <exception cref="ConfigurationException">The setting is not a list.</exception>
    public static string Combine(string name, string old, string change, bool subtract)
    {
        var isList = TopicConfigKeys.ByAnyName(name) is { Type: LogConfigType.List }
            || ClientMetricsKeys.All.Any(k => k.Name == name && k.Type == LogConfigType.List);
        if (!isList)
        {
            throw new ConfigurationException($"{name} is not a list: nothing can be added to it or taken away");
        }

        var elements = TopicConfigKeys.Split(old);
        var changed = TopicConfigKeys.Split(change);
        return string.Join(',', subtract ? elements.Except(changed) : elements.Union(changed));
    }
}
