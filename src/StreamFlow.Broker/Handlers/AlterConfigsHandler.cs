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

    private ValueTask<AdminResult> ApplyAsync(AlterConfigsRequest.AlterConfigsResource resource, bool validateOnly)
    {
        var wanted = resource.Configs.Where(c => c.Value is not null)
            .Select(c => KeyValuePair.Create(c.Name, c.Value!))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        return changes.ApplyAsync(resource.ResourceType, resource.ResourceName, _ => wanted, validateOnly);
    }
}
