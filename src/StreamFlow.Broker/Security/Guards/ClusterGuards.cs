using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;
using static StreamFlow.Core.Security.AclOperation;
using static StreamFlow.Core.Security.AclResourceType;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>Who may see and change settings, ACLs, users and quotas.</summary>
internal sealed class ClusterGuards(AccessControl access)
{
    private const sbyte GroupResource = 32;
    private const ErrorCode Refused = ErrorCode.ClusterAuthorizationFailed;
    private const string Why = "Cluster authorization failed.";

    public IEnumerable<Guard> All() =>
    [
        DescribeConfigsOf(), AlterConfigsOf(), IncrementalAlterConfigsOf(),
        new Guard<DescribeAclsRequest, DescribeAclsResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Describe) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<CreateAclsRequest, CreateAclsResponse>()
            .Whole((c, r) => access.AllowsCluster(c, Alter) ? null : new()
            {
                Results = r.Creations.ConvertAll(_ => new CreateAclsResponse.AclCreationResult { ErrorCode = Refused, ErrorMessage = Why }),
            }),
        new Guard<DeleteAclsRequest, DeleteAclsResponse>()
            .Whole((c, r) => access.AllowsCluster(c, Alter) ? null : new()
            {
                FilterResults = r.Filters.ConvertAll(
                    _ => new DeleteAclsResponse.DeleteAclsFilterResult { ErrorCode = Refused, ErrorMessage = Why }),
            }),
        new Guard<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Describe) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>()
            .Whole((c, r) => access.AllowsCluster(c, Alter) ? null : Refuse(r)),
        new Guard<DescribeClientQuotasRequest, DescribeClientQuotasResponse>()
            .Whole((c, _) => access.AllowsCluster(c, DescribeConfigs) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<AlterClientQuotasRequest, AlterClientQuotasResponse>()
            .Whole((c, r) => access.AllowsCluster(c, AlterConfigs) ? null : Refuse(r)),
        new Guard<DescribeLogDirsRequest, DescribeLogDirsResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Describe) ? null : new() { ErrorCode = Refused }),
        new Guard<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>()
            .Whole((c, r) => access.AllowsCluster(c, Alter) ? null : Refuse(r)),
        new Guard<ElectLeadersRequest, ElectLeadersResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Alter) ? null : new() { ErrorCode = Refused }),
        new Guard<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Alter) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Describe) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<DescribeQuorumRequest, DescribeQuorumResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Describe) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<UnregisterBrokerRequest, UnregisterBrokerResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Alter) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<UpdateFeaturesRequest, UpdateFeaturesResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Alter) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<AddRaftVoterRequest, AddRaftVoterResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Alter) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<RemoveRaftVoterRequest, RemoveRaftVoterResponse>()
            .Whole((c, _) => access.AllowsCluster(c, Alter) ? null : new() { ErrorCode = Refused, ErrorMessage = Why }),
        new Guard<ListConfigResourcesRequest, ListConfigResourcesResponse>()
            .Whole((c, _) => access.AllowsCluster(c, DescribeConfigs) ? null : new() { ErrorCode = Refused }),
    ];

    private static AlterReplicaLogDirsResponse Refuse(AlterReplicaLogDirsRequest request) => new()
    {
        Results =
        [
            .. request.Dirs.SelectMany(d => d.Topics).Select(t => new AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult
            {
                TopicName = t.Name,
                Partitions = t.Partitions.ConvertAll(
                    p => new AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult { PartitionIndex = p, ErrorCode = Refused }),
            }),
        ],
    };

    private static AlterUserScramCredentialsResponse Refuse(AlterUserScramCredentialsRequest request) => new()
    {
        Results =
        [
            .. request.Deletions.Select(d => d.Name).Concat(request.Upsertions.Select(u => u.Name)).Distinct().Select(
                user => new AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult
                {
                    User = user,
                    ErrorCode = Refused,
                    ErrorMessage = Why,
                }),
        ],
    };

    private static AlterClientQuotasResponse Refuse(AlterClientQuotasRequest request) => new()
    {
        Entries = request.Entries.ConvertAll(e => new AlterClientQuotasResponse.EntryData
        {
            ErrorCode = Refused,
            ErrorMessage = Why,
            Entity = e.Entity.ConvertAll(p => new AlterClientQuotasResponse.EntityData
            {
                EntityType = p.EntityType,
                EntityName = p.EntityName,
            }),
        }),
    };

    private Guard<DescribeConfigsRequest, DescribeConfigsResponse> DescribeConfigsOf() =>
        new Guard<DescribeConfigsRequest, DescribeConfigsResponse>()
            .Parts(
                r => r.Resources,
                (c, r) => May(c, DescribeConfigs, r.ResourceType, r.ResourceName),
                (response, r) => response.Results.Add(new()
                {
                    ResourceType = r.ResourceType,
                    ResourceName = r.ResourceName,
                    ErrorCode = ErrorOf(r.ResourceType),
                    ErrorMessage = ErrorCodes.Describe(ErrorOf(r.ResourceType)),
                }));

    private Guard<AlterConfigsRequest, AlterConfigsResponse> AlterConfigsOf() => new Guard<AlterConfigsRequest, AlterConfigsResponse>()
        .Parts(
            r => r.Resources,
            (c, r) => May(c, AlterConfigs, r.ResourceType, r.ResourceName),
            (response, r) => response.Responses.Add(new()
            {
                ResourceType = r.ResourceType,
                ResourceName = r.ResourceName,
                ErrorCode = ErrorOf(r.ResourceType),
                ErrorMessage = ErrorCodes.Describe(ErrorOf(r.ResourceType)),
            }));

    private Guard<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> IncrementalAlterConfigsOf() =>
        new Guard<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>()
            .Parts(
                r => r.Resources,
                (c, r) => May(c, AlterConfigs, r.ResourceType, r.ResourceName),
                (response, r) => response.Responses.Add(new()
                {
                    ResourceType = r.ResourceType,
                    ResourceName = r.ResourceName,
                    ErrorCode = ErrorOf(r.ResourceType),
                    ErrorMessage = ErrorCodes.Describe(ErrorOf(r.ResourceType)),
                }));

    /// <summary>Settings of brokers and of client metrics are the cluster's.</summary>
    private bool May(RequestContext context, AclOperation operation, sbyte resourceType, string name) => resourceType switch
    {
        MetadataRecords.TopicResource => access.Allows(context, operation, Topic, name),
        GroupResource => access.Allows(context, operation, Group, name),
        _ => access.AllowsCluster(context, operation),
    };

    private static ErrorCode ErrorOf(sbyte resourceType) => resourceType switch
    {
        MetadataRecords.TopicResource => ErrorCode.TopicAuthorizationFailed,
        GroupResource => ErrorCode.GroupAuthorizationFailed,
        _ => Refused,
    };
}
