using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Tls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes the settings of topics, of the broker, of groups and of subscriptions to client metrics.</summary>
internal sealed class DescribeConfigsHandler(
    MetadataLog metadata, ConfigLayers layers, BrokerDefaults defaults, BrokerOptions options)
    : RequestHandler<DescribeConfigsRequest, DescribeConfigsResponse>
{
    private static readonly Dictionary<string, string?> Defaults =
        BrokerOptionsBinder.Show(new BrokerOptions()).ToDictionary(StringComparer.Ordinal);

    protected override ValueTask<DescribeConfigsResponse?> HandleAsync(RequestContext context, DescribeConfigsRequest request)
    {
        var response = new DescribeConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var result = new DescribeConfigsResponse.DescribeConfigsResult
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
            };
            Describe(resource, result, request.IncludeSynonyms);
            if (resource.ConfigurationKeys is { Count: > 0 } wanted)
            {
                result.Configs.RemoveAll(c => !wanted.Contains(c.Name));
            }

            foreach (var config in result.Configs)
            {
                // From version 1 on the source says it.
                config.IsDefault = context.ApiVersion == 0 && config.ConfigSource == ConfigSources.Default;
                config.Documentation = request.IncludeDocumentation ? config.Documentation : null;
            }

            response.Results.Add(result);
        }

        return new(response);
    }

    private void Describe(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsResponse.DescribeConfigsResult result, bool withSynonyms)
    {
        var name = resource.ResourceName;
        switch (resource.ResourceType)
        {
            case MetadataRecords.TopicResource when metadata.Image.Topics.TryGetValue(name, out var topic):
                var effective = new TopicConfigs(topic.Configs, defaults.Current);
                result.Configs.AddRange(LogConfigKeys.All.Select(d => ConfigDescriber.Describe(
                    d.Name, d.Type, d.Description, layers.Of(d, topic.Configs), effective.ValueOf(d), withSynonyms)));
                break;
            case MetadataRecords.TopicResource:
                Fail(result, TopicName.WhyInvalid(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException,
                    null);
                break;
            case MetadataRecords.BrokerResource when name.Length == 0:
                result.Configs.AddRange(metadata.Image.BrokerConfigs.Select(c => Dynamic(c.Key, c.Value, withSynonyms)));
                break;
            case MetadataRecords.BrokerResource when name == $"{options.NodeId}":
                result.Configs.AddRange(Broker(withSynonyms));
                break;
            case MetadataRecords.BrokerResource:
                Fail(result, ErrorCode.InvalidRequest, $"There is no broker {name}: name {options.NodeId}, or leave it empty.");
                break;
            case MetadataRecords.ClientMetricsResource when name.Length > 0:
                result.Configs.AddRange(ClientMetrics(name, withSynonyms));
                break;
            case MetadataRecords.GroupResource when name.Length > 0:
                result.Configs.AddRange(Group(name, withSynonyms));
                break;
            default:
                Fail(result, ErrorCode.InvalidRequest, $"Resource type {resource.ResourceType} with name '{name}' has no settings here.");
                break;
        }
    }

    private static void Fail(DescribeConfigsResponse.DescribeConfigsResult result, ErrorCode error, string? message)
    {
        result.ErrorCode = error;
        result.ErrorMessage = message ?? ErrorCodes.Describe(error);
    }

    private static DescribeConfigsResponse.DescribeConfigsResourceResult Dynamic(string name, string value, bool withSynonyms) =>
        ConfigDescriber.Describe(
            name,
            TopicConfigKeys.ByAnyName(name)?.Type ?? LogConfigType.String,
            TopicConfigKeys.ByAnyName(name)?.Description,
            [new(name, value, ConfigSources.DynamicDefault)],
            value,
            withSynonyms);

    private IEnumerable<DescribeConfigsResponse.DescribeConfigsResourceResult> Broker(bool withSynonyms)
    {
        var dynamic = metadata.Image.NodeConfigs;
        foreach (var (key, value) in BrokerOptionsBinder.Show(options).Where(s => !dynamic.ContainsKey(s.Key)))
        {
            var isDefault = Defaults.TryGetValue(key, out var @default) && @default == value;
            List<ConfigLayer> layers = isDefault ? [] : [new(key, value, ConfigSources.StaticBroker)];
            if (@default is not null)
            {
                layers.Add(new(key, @default, ConfigSources.Default));
            }

            var described = ConfigDescriber.Describe(key, BrokerOptionsBinder.TypeOf(key), null, layers, value ?? "", withSynonyms);
            described.Value = value;
            described.ReadOnly = true;
            described.IsSensitive = BrokerOptionsBinder.IsSecret(key);
            yield return described;
        }

        foreach (var setting in UnusedSettings.All)
        {
            yield return Unused(setting, withSynonyms);
        }

        foreach (var (key, value) in dynamic.Where(c => DynamicStores.Has(c.Key)))
        {
            var shown = BrokerOptionsBinder.IsSecret(key) ? null : value;
            var described = ConfigDescriber.Describe(
                key, LogConfigType.String, null, [new(key, shown, ConfigSources.DynamicBroker)], "", withSynonyms);
            described.IsSensitive = shown is null;
            yield return described;
        }

        foreach (var definition in LogConfigKeys.All)
        {
            if (definition.BrokerName is { Length: > 0 } name)
            {
                yield return DefaultOfTopics(name, definition.Type, definition.Description, withSynonyms);
            }
        }

        foreach (var synonym in BrokerSynonyms.All)
        {
            var described = DefaultOfTopics(synonym.Name, synonym.Type, null, withSynonyms);
            described.ReadOnly = true;
            yield return described;
        }
    }

    private DescribeConfigsResponse.DescribeConfigsResourceResult Unused(UnusedSetting setting, bool withSynonyms)
    {
        var values = new List<ConfigLayer>();
        Add(metadata.Image.NodeConfigs, ConfigSources.DynamicBroker);
        Add(metadata.Image.BrokerConfigs, ConfigSources.DynamicDefault);
        Add(options.GivenUnused, ConfigSources.StaticBroker);
        if (setting.Default is { } @default)
        {
            values.Add(new(setting.Name, @default, ConfigSources.Default));
        }

        var described = ConfigDescriber.Describe(setting.Name, setting.Type, null, values, "", withSynonyms);
        described.Value = values is [var first, ..] ? first.Value : null;
        described.ReadOnly = !setting.IsDynamic;
        described.IsSensitive = setting.IsSecret;
        return described;

        void Add(IReadOnlyDictionary<string, string> set, sbyte source)
        {
            if (set.TryGetValue(setting.Name, out var value))
            {
                values.Add(new(setting.Name, setting.IsSecret ? null : value, source));
            }
        }
    }

    private DescribeConfigsResponse.DescribeConfigsResourceResult DefaultOfTopics(
        string name, LogConfigType type, string? description, bool withSynonyms)
    {
        var values = layers.OfBroker(name);
        var described = ConfigDescriber.Describe(name, type, description, values, "", withSynonyms);
        described.Value = values is [var first, ..] ? first.Value : null;
        return described;
    }

    /// <summary>Every group has settings, whether it is there or not.</summary>
    private IEnumerable<DescribeConfigsResponse.DescribeConfigsResourceResult> Group(string name, bool withSynonyms)
    {
        metadata.Image.GroupConfigs.TryGetValue(name, out var own);
        foreach (var key in GroupConfigKeys.All)
        {
            var layers = new List<ConfigLayer>();
            if (own is not null && own.TryGetValue(key.Name, out var value))
            {
                layers.Add(new(key.Name, value, ConfigSources.Group));
            }

            if (key.ForAllGroups(options) is var forAll && forAll != key.Default)
            {
                layers.Add(new(key.BrokerName, forAll, ConfigSources.StaticBroker));
            }

            layers.Add(new(key.BrokerName, key.Default, ConfigSources.Default));
            yield return ConfigDescriber.Describe(key.Name, key.Type, key.Description, layers, key.Default, withSynonyms);
        }
    }

    private IEnumerable<DescribeConfigsResponse.DescribeConfigsResourceResult> ClientMetrics(string name, bool withSynonyms)
    {
        metadata.Image.ClientMetrics.TryGetValue(name, out var own);
        foreach (var (key, type, @default, description) in ClientMetricsKeys.All)
        {
            List<ConfigLayer> set = own is not null && own.TryGetValue(key, out var value)
                ? [new(key, value, ConfigSources.ClientMetrics)]
                : [];
            yield return ConfigDescriber.Describe(key, type, description, set, @default, withSynonyms);
        }
    }
}
