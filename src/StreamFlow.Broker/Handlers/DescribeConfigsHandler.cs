using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes the settings of topics and of the broker.</summary>
internal sealed class DescribeConfigsHandler(MetadataLog metadata, BrokerDefaults defaults, BrokerOptions options)
    : RequestHandler<DescribeConfigsRequest, DescribeConfigsResponse>
{
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
                config.IsDefault = context.ApiVersion == 0 && config.ConfigSource == ConfigDescriber.DefaultSource;
            }

            response.Results.Add(result);
        }

        return new(response);
    }

    private void Describe(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsResponse.DescribeConfigsResult result, bool withSynonyms)
    {
        switch (resource.ResourceType)
        {
            case MetadataRecords.TopicResource when metadata.Image.Topics.TryGetValue(resource.ResourceName, out var topic):
                var configs = new TopicConfigs(topic.Configs, defaults.Current);
                result.Configs.AddRange(LogConfigKeys.All.Select(d => ConfigDescriber.Topic(d, configs, withSynonyms)));
                break;
            case MetadataRecords.TopicResource:
                result.ErrorCode = ErrorCode.UnknownTopicOrPartition;
                result.ErrorMessage = ErrorCodes.Describe(ErrorCode.UnknownTopicOrPartition);
                break;
            case MetadataRecords.BrokerResource when resource.ResourceName.Length == 0:
                result.Configs.AddRange(Dynamic());
                break;
            case MetadataRecords.BrokerResource when resource.ResourceName == $"{options.NodeId}":
                result.Configs.AddRange(Dynamic());
                result.Configs.AddRange(Static(result.Configs.Select(c => c.Name).ToHashSet(StringComparer.Ordinal)));
                break;
            case MetadataRecords.BrokerResource:
                result.ErrorCode = ErrorCode.InvalidRequest;
                result.ErrorMessage = $"There is no broker {resource.ResourceName}: name {options.NodeId}, or leave it empty.";
                break;
            default:
                result.ErrorCode = ErrorCode.InvalidRequest;
                result.ErrorMessage = $"Resource type {resource.ResourceType} has no settings here.";
                break;
        }
    }

    private IEnumerable<DescribeConfigsResponse.DescribeConfigsResourceResult> Dynamic() => metadata.Image.BrokerConfigs.Select(c =>
        ConfigDescriber.Broker(c.Key, c.Value, ConfigDescriber.DynamicBrokerSource, readOnly: false));

    private IEnumerable<DescribeConfigsResponse.DescribeConfigsResourceResult> Static(HashSet<string> shown)
    {
        foreach (var (key, value) in BrokerOptionsBinder.Show(options))
        {
            yield return ConfigDescriber.Broker(key, value, ConfigDescriber.StaticBrokerSource, readOnly: true);
        }

        foreach (var definition in LogConfigKeys.All)
        {
            if (definition.BrokerName is { Length: > 0 } name && !shown.Contains(name))
            {
                var isSet = options.TopicDefaults.TryGetValue(definition.Name, out var value);
                var source = isSet ? ConfigDescriber.StaticBrokerSource : ConfigDescriber.DefaultSource;
                yield return ConfigDescriber.Broker(name, value ?? definition.Default, source, readOnly: false);
            }
        }
    }
}
