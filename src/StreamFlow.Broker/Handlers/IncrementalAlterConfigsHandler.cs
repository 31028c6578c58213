using System.Collections.Immutable;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Handlers;

/// <summary>Changes single settings (KIP-339).</summary>
internal sealed class IncrementalAlterConfigsHandler(ConfigChanges changes, BrokerDefaults defaults)
    : RequestHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
{
    private const sbyte Set = 0;
    private const sbyte Delete = 1;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;

    protected override async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(
        RequestContext context, IncrementalAlterConfigsRequest request)
    {
        var response = new IncrementalAlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var hasDuplicates = resource.Configs.DistinctBy(c => c.Name).Count() != resource.Configs.Count;
            var result = hasDuplicates
                ? new AdminResult(ErrorCode.InvalidRequest, ConfigChanges.NamedTwice)
                : await ApplyAsync(resource, request.ValidateOnly).ConfigureAwait(false);
            response.Responses.Add(new()
            {
                ErrorCode = result.Error,
                ErrorMessage = result.Message,
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
            });
        }

        return response;
    }

    private ValueTask<AdminResult> ApplyAsync(IncrementalAlterConfigsRequest.AlterConfigsResource resource, bool validateOnly) =>
        changes.ApplyAsync(resource.ResourceType, resource.ResourceName, old => Change(old, resource.Configs), validateOnly);

    private ImmutableSortedDictionary<string, string> Change(
        ImmutableSortedDictionary<string, string> old, List<IncrementalAlterConfigsRequest.AlterableConfig> configs)
    {
        foreach (var config in configs)
        {
            old = config.ConfigOperation switch
            {
                Delete => old.Remove(config.Name),
                Set => old.SetItem(config.Name, Value(config)),
                Append or Subtract => old.SetItem(
                    config.Name,
                    ConfigChanges.Combine(config.Name, Effective(old, config.Name), Value(config), config.ConfigOperation == Subtract)),
                _ => throw new ConfigurationException($"Operation {config.ConfigOperation} on {config.Name} is not known."),
            };
        }

        return old;
    }

    private static string Value(IncrementalAlterConfigsRequest.AlterableConfig config) =>
        config.Value ?? throw new ConfigurationException($"Null value not supported for: {config.Name}");

    private string Effective(ImmutableSortedDictionary<string, string> own, string name) =>
        LogConfigKeys.Find(name) is { } key ? new TopicConfigs(own, defaults.Current).ValueOf(key) : own.GetValueOrDefault(name) ?? "";
}
