using System.Collections.Immutable;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

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
        foreach (var named in request.Resources.GroupBy(r => (r.ResourceType, r.ResourceName)))
        {
            var resource = named.First();
            var result = named.Count() > 1 || resource.Configs.DistinctBy(c => c.Name).Count() != resource.Configs.Count
                ? new AdminResult(ErrorCode.InvalidRequest, ConfigChanges.NamedTwice)
                : resource.Configs.Find(c => c.Value is null && c.ConfigOperation != Delete) is { } empty
                    ? new AdminResult(ErrorCode.InvalidRequest, $"{empty.Name} has no value; delete it to clear it.")
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
                Set => old.SetItem(config.Name, config.Value!),
                Append or Subtract => old.SetItem(
                    config.Name,
                    ConfigChanges.Combine(config.Name, Effective(old, config.Name), config.Value!, config.ConfigOperation == Subtract)),
                _ => throw new ConfigurationException($"Operation {config.ConfigOperation} on {config.Name} is not known."),
            };
        }

        return old;
    }

    /// <summary>What a list is before a word is added: what was set, else its default, as if that had been set.</summary>
    private string Effective(ImmutableSortedDictionary<string, string> own, string name) =>
        own.TryGetValue(name, out var set) ? set
        : TopicConfigKeys.ByAnyName(name) is { } key ? new TopicConfigs(own, defaults.Current).ValueOf(key)
        : UnusedSettings.Find(name)?.Default ?? "";
}
