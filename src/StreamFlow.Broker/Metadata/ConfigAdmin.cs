using System.Collections.Immutable;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Security.Tls;
using StreamFlow.Core.Errors;

using StreamFlow.Protocol.Messages;
using StreamFlow.Storage.Configuration;
using Configs = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace StreamFlow.Broker.Metadata;

/// <summary>Changes settings of topics, brokers, groups and client metrics by changing the metadata log. Any thread may call.</summary>
internal sealed class ConfigAdmin(MetadataLog metadata, BrokerOptions options)
{
    private static readonly Configs None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Changes settings of a topic.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="change">From the settings it has to those it is to have.</param>
    /// <param name="validateOnly">Check, but change nothing.</param>
    public ValueTask<AdminResult> ConfigureTopicAsync(string name, Func<Configs, Configs> change, bool validateOnly) => ConfigureAsync(
        MetadataRecords.TopicResource, name, image => image.Topics.GetValueOrDefault(name)?.Configs, change, TopicSettings.Check,
            validateOnly);

    /// <summary>Changes settings of this broker or, without a name, of all brokers; they are the defaults of topics.</summary>
    public ValueTask<AdminResult> ConfigureBrokerAsync(string name, Func<Configs, Configs> change, bool validateOnly) => ConfigureAsync(
        MetadataRecords.BrokerResource,
        name,
        image => name.Length == 0 ? image.BrokerConfigs : image.NodeConfigs,
        change,
        (changed, all) => CheckBroker(changed, all, isOneBroker: name.Length > 0),
        validateOnly);

    /// <summary>Changes settings of a subscription to client metrics, which begins with its first setting.</summary>
    public ValueTask<AdminResult> ConfigureClientMetricsAsync(string name, Func<Configs, Configs> change, bool validateOnly) =>
        ConfigureAsync(
            MetadataRecords.ClientMetricsResource,
            name,
            image => image.ClientMetrics.GetValueOrDefault(name) ?? None,
            change,
            (changed, _) => CheckClientMetrics(changed),
            validateOnly);

    /// <summary>Changes settings of a group, which need not be there yet.</summary>
    public ValueTask<AdminResult> ConfigureGroupAsync(string name, Func<Configs, Configs> change, bool validateOnly) => ConfigureAsync(
        MetadataRecords.GroupResource,
        name,
        image => image.GroupConfigs.GetValueOrDefault(name) ?? None,
        change,
        (_, all) => GroupConfigKeys.WhyUnusable(all, options) is { } problem
            ? new AdminResult(ErrorCode.InvalidConfig, problem)
            : AdminResult.Success,
        validateOnly);

    private async ValueTask<AdminResult> ConfigureAsync(
        sbyte resourceType,
        string name,
        Func<MetadataImage, Configs?> find,
        Func<Configs, Configs> change,
        Func<IReadOnlyList<KeyValuePair<string, string>>, Configs, AdminResult> check,
        bool validateOnly)
    {
        var result = AdminResult.Success;
        var error = await metadata.ChangeAsync(image =>
        {
            if (find(image) is not { } old)
            {
                result = new AdminResult(ErrorCode.UnknownTopicOrPartition);
                return [];
            }

            Configs wanted;
            try
            {
                wanted = change(old);
            }
            catch (ConfigurationException e)
            {
                result = new AdminResult(ErrorCode.InvalidConfig, e.Message);
                return [];
            }

            List<KeyValuePair<string, string>> changed = [.. wanted.Where(c => !old.TryGetValue(c.Key,
                out var before) || before != c.Value)];
            result = check(changed, wanted);
            return validateOnly || !result.IsSuccess
                ? []
                : [
                    .. changed.Select(c => Record(resourceType, name, c.Key, c.Value)),
                    .. old.Keys.Where(k => !wanted.ContainsKey(k)).Select(k => Record(resourceType, name, k, null)),
                ];
        }).ConfigureAwait(false);
        return error == ErrorCode.None ? result : new AdminResult(error, "the metadata log cannot be written; see the broker's log");
    }

    /// <summary>The defaults of topics can be changed while a broker runs, and the stores of its TLS listeners.</summary>
    private AdminResult CheckBroker(IReadOnlyList<KeyValuePair<string, string>> changed, Configs all, bool isOneBroker)
    {
        foreach (var (name, value) in changed)
        {
            if (isOneBroker && DynamicStores.Has(name))
            {
                continue;
            }

            if (UnusedSettings.Find(name) is { IsDynamic: true } unused)
            {
                if (unused.WhyUnusable(value) is { } wrong)
                {
                    return new AdminResult(ErrorCode.InvalidRequest, wrong);
                }

                continue;
            }

            if (TopicConfigKeys.ByAnyName(name) is not { } key)
            {
                return BrokerOptionsBinder.IsKnown(name) || DynamicStores.Has(name)
                    ? new AdminResult(ErrorCode.InvalidRequest, $"{name} cannot be changed while the broker runs; set it at its start.")
                    : new AdminResult(ErrorCode.InvalidConfig, $"{name} is not a setting of the broker.");
            }

            if (key.Check(value) is { } problem)
            {
                return new AdminResult(ErrorCode.InvalidRequest, problem);
            }
        }

        return changed.Any(c => DynamicStores.Has(c.Key)) && DynamicStores.WhyUnusable(options, all) is { } unusable
            ? new AdminResult(ErrorCode.InvalidRequest, unusable)
            : AdminResult.Success;
    }

    private static AdminResult CheckClientMetrics(IReadOnlyList<KeyValuePair<string, string>> changed)
    {
        foreach (var (name, value) in changed)
        {
            if (ClientMetricsKeys.WhyUnusable(name, value) is { } unusable)
            {
                return new AdminResult(ErrorCode.InvalidRequest, unusable);
            }

            if (ClientMetricsKeys.WhyNoMatch(name, value) is { } problem)
            {
                return new AdminResult(ErrorCode.InvalidConfig, problem);
            }
        }

        return AdminResult.Success;
    }

    private static ConfigRecord Record(sbyte resourceType, string resourceName, string key, string? value) =>
        new ConfigRecord { ResourceType = resourceType, ResourceName = resourceName, Name = key, Value = value };
}
