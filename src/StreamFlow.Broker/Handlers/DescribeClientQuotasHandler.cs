using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lists the quotas that a filter chooses (KIP-546).</summary>
internal sealed class DescribeClientQuotasHandler(MetadataLog metadata)
    : RequestHandler<DescribeClientQuotasRequest, DescribeClientQuotasResponse>
{
    private const sbyte Exact = 0;
    private const sbyte Default = 1;
    private const sbyte Named = 2;

    protected override ValueTask<DescribeClientQuotasResponse?> HandleAsync(RequestContext context, DescribeClientQuotasRequest request)
    {
        if (WhyInvalid(request) is { } problem)
        {
            return new(new DescribeClientQuotasResponse { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = problem, Entries = null });
        }

        var response = new DescribeClientQuotasResponse { Entries = [] };
        foreach (var (entity, values) in metadata.Image.Quotas)
        {
            var parts = entity.Parts.ToList();
            if (!request.Components.TrueForAll(c => parts.Exists(p => Matches(c, p)))
                || (request.Strict && parts.Count != request.Components.Count))
            {
                continue;
            }

            response.Entries.Add(new()
            {
                Entity = parts.ConvertAll(p => new DescribeClientQuotasResponse.EntityData { EntityType = p.Type, EntityName = p.Name }),
                Values = [.. values.Select(v => new DescribeClientQuotasResponse.ValueData { Key = v.Key, Value = v.Value })],
            });
        }

        return new(response);
    }

    private static string? WhyInvalid(DescribeClientQuotasRequest request)
    {
        foreach (var component in request.Components)
        {
            if (component.EntityType is not (QuotaEntity.UserType or QuotaEntity.ClientIdType or QuotaEntity.IpType))
            {
                return $"Custom entity type '{component.EntityType}' not supported";
            }

            if (component.MatchType is not (Exact or Default or Named))
            {
                return $"Unexpected match type: {component.MatchType}";
            }
        }

        return request.Components.DistinctBy(c => c.EntityType).Count() == request.Components.Count
            ? null
            : "Entity type cannot appear more than once in the filter.";
    }

    private static bool Matches(DescribeClientQuotasRequest.ComponentData component, (string Type, string? Name) part) =>
        component.EntityType == part.Type && component.MatchType switch
        {
            Exact => part.Name is not null && part.Name == component.Match,
            Default => part.Name is null,
            _ => true,
        };
}
