using System.Collections.Immutable;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Replaces all settings that a resource has of its own.</summary>
internal sealed class AlterConfigsHandler(ConfigChanges changes) : RequestHandler<AlterConfigsRequest, AlterConfigsResponse>
{
    protected override async ValueTask<AlterConfigsResponse?> HandleAsync(RequestContext context, AlterConfigsRequest request)
    {
        var response = new AlterConfigsResponse();
        foreach (var named in request.Resources.GroupBy(r => (r.ResourceType, r.ResourceName)))
        {
            var resource = named.First();
            var result = named.Count() > 1 || resource.Configs.DistinctBy(c => c.Name).Count() != resource.Configs.Count
                ? new AdminResult(ErrorCode.InvalidRequest, ConfigChanges.NamedTwice)
                : resource.Configs.Find(c => c.Value is null) is { } empty
                    ? new AdminResult(ErrorCode.InvalidRequest, $"{empty.Name} has no value; leave it out to clear it.")
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

    private ValueTask<AdminResult> ApplyAsync(AlterConfigsRequest.AlterConfigsResource resource, bool validateOnly)
    {
        var wanted = resource.Configs.ToImmutableSortedDictionary(c => c.Name, c => c.Value!, StringComparer.Ordinal);
        return changes.ApplyAsync(resource.ResourceType, resource.ResourceName, _ => wanted, validateOnly);
    }
}
