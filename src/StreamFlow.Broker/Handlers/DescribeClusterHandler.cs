using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes the cluster: one broker, which is its own controller.</summary>
internal sealed class DescribeClusterHandler(BrokerIdentity identity) : RequestHandler<DescribeClusterRequest, DescribeClusterResponse>
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    protected override ValueTask<DescribeClusterResponse?> HandleAsync(RequestContext context, DescribeClusterRequest request)
    {
        if (request.EndpointType != Brokers)
        {
            return new(new DescribeClusterResponse
            {
                ErrorCode = request.EndpointType == Controllers ? ErrorCode.MismatchedEndpointType : ErrorCode.UnsupportedEndpointType,
                ErrorMessage = "This endpoint is a broker's (1); controllers have none of their own.",
                EndpointType = Brokers,
            });
        }

        var address = identity.AddressFor(context);
        return new(new DescribeClusterResponse
        {
            ClusterId = identity.ClusterId,
            ControllerId = identity.NodeId,
            Brokers = [new() { BrokerId = identity.NodeId, Host = address.Host, Port = address.Port, Rack = identity.Rack }],
        });
    }
}
