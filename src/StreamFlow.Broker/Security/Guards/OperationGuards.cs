using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>Tells clients that ask for it what they may do (KIP-430). Without an authorizer that is everything.</summary>
internal sealed class OperationGuards(AccessControl access)
{
    // The field is in these versions of Metadata only; later ones have DescribeCluster for it.
    private const short FirstVersionWithCluster = 8;
    private const short LastVersionWithCluster = 10;

    public IEnumerable<Guard> All() =>
    [
        new Guard<MetadataRequest, MetadataResponse>().After((c, r, response) =>
        {
            if (r.IncludeTopicAuthorizedOperations)
            {
                response.Topics.FindAll(t => t is { ErrorCode: ErrorCode.None, Name: not null }).ForEach(
                    t => t.TopicAuthorizedOperations = access.AllowedOperations(c, AclResourceType.Topic, t.Name!));
            }

            if (r.IncludeClusterAuthorizedOperations && c.ApiVersion is >= FirstVersionWithCluster and <= LastVersionWithCluster)
            {
                response.ClusterAuthorizedOperations = OfCluster(c);
            }
        }),
        new Guard<DescribeClusterRequest, DescribeClusterResponse>().After((c, r, response) =>
        {
            if (r.IncludeClusterAuthorizedOperations)
            {
                response.ClusterAuthorizedOperations = OfCluster(c);
            }
        }),
        new Guard<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>().After((c, _, response) =>
            response.Topics.FindAll(t => t is { ErrorCode: not (ErrorCode.InvalidRequest or ErrorCode.TopicAuthorizationFailed),
                Name: not null }).ForEach(
                t => t.TopicAuthorizedOperations = access.AllowedOperations(c, AclResourceType.Topic, t.Name!))),
        new Guard<DescribeGroupsRequest, DescribeGroupsResponse>().After((c, r, response) =>
        {
            if (r.IncludeAuthorizedOperations)
            {
                response.Groups.FindAll(g => g.ErrorCode == ErrorCode.None).ForEach(
                    g => g.AuthorizedOperations = access.AllowedOperations(c, AclResourceType.Group, g.GroupId));
            }
        }),
        new Guard<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>().After((c, r, response) =>
        {
            if (r.IncludeAuthorizedOperations)
            {
                response.Groups.FindAll(g => g.ErrorCode == ErrorCode.None).ForEach(
                    g => g.AuthorizedOperations = access.AllowedOperations(c, AclResourceType.Group, g.GroupId));
            }
        }),
        new Guard<ShareGroupDescribeRequest, ShareGroupDescribeResponse>().After((c, r, response) =>
        {
            if (r.IncludeAuthorizedOperations)
            {
                response.Groups.FindAll(g => g.ErrorCode == ErrorCode.None).ForEach(
                    g => g.AuthorizedOperations = access.AllowedOperations(c, AclResourceType.Group, g.GroupId));
            }
        }),
        new Guard<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse>().After((c, r, response) =>
        {
            if (r.IncludeAuthorizedOperations)
            {
                response.Groups.FindAll(g => g.ErrorCode == ErrorCode.None).ForEach(
                    g => g.AuthorizedOperations = access.AllowedOperations(c, AclResourceType.Group, g.GroupId));
            }
        }),
    ];

    private int OfCluster(RequestContext context) => access.AllowsCluster(context, AclOperation.Describe)
        ? access.AllowedOperations(context, AclResourceType.Cluster, AclBinding.ClusterName)
        : 0;
}
