using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lists the resources that have settings (KIP-714, KIP-1142). Version 0 is about client metrics alone.</summary>
internal sealed class ListConfigResourcesHandler(MetadataLog metadata, BrokerIdentity identity)
    : RequestHandler<ListConfigResourcesRequest, ListConfigResourcesResponse>
{
    private const sbyte BrokerLogger = 8;

    private static readonly List<sbyte> All =
    [
        MetadataRecords.TopicResource, MetadataRecords.BrokerResource, BrokerLogger, MetadataRecords.ClientMetricsResource,
        MetadataRecords.GroupResource,
    ];

    protected override ValueTask<ListConfigResourcesResponse?> HandleAsync(RequestContext context, ListConfigResourcesRequest request)
    {
        var types = context.ApiVersion == 0
            ? [MetadataRecords.ClientMetricsResource]
            : request.ResourceTypes.Count == 0 ? All : request.ResourceTypes;
        if (types.Exists(t => !All.Contains(t)))
        {
            return new(new ListConfigResourcesResponse { ErrorCode = ErrorCode.UnsupportedVersion });
        }

        return new(new ListConfigResourcesResponse
        {
            ConfigResources =
            [
                .. types.Distinct().SelectMany(t => NamesOf(t).Select(n => new ListConfigResourcesResponse.ConfigResource
                {
                    ResourceName = n,
                    ResourceType = t,
                })),
            ],
        });
    }

    private IEnumerable<string> NamesOf(sbyte type) => type switch
    {
        MetadataRecords.TopicResource => metadata.Image.Topics.Keys,
        MetadataRecords.ClientMetricsResource => metadata.Image.ClientMetrics.Keys,
        MetadataRecords.GroupResource => metadata.Image.GroupConfigs.Keys.Order(StringComparer.Ordinal),
        _ => [$"{identity.NodeId}"],
    };
}
