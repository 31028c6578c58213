using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Fetching;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Broker.Security.Guards;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.Sessions;

namespace StreamFlow.Broker.Handlers;

/// <summary>The list of what is served. An API that is not here does not exist for clients: ApiVersions is answered from it.</summary>
internal static class ServedApis
{
    /// <summary>Makes the handlers.</summary>
    /// <param name="table">The table they become, which ApiVersions answers from.</param>
    /// <param name="s">What they work with.</param>
    public static IEnumerable<IRequestHandler> Make(HandlerTable table, BrokerServices s)
    {
        var changes = new ConfigChanges(new ConfigAdmin(s.Metadata, s.Options), s.Options);
        var layers = new ConfigLayers(s.Metadata, s.Options);
        var createTopics = new CreateTopicsHandler(s.Admin, s.Metadata, layers, s.Options);
        var acls = new AclAdmin(s.Metadata, s.Ids.Next);
        IRequestHandler[] handlers =
        [
            .. OfCluster(s),
            new ApiVersionsHandler(table),
            new SaslHandshakeHandler(),
            new SaslAuthenticateHandler(s.Options, s.Clock, s.Logger),
            new MetadataHandler(s.Metadata, s.Admin, s.Options, s.Identity),
            new ProduceHandler(s.Partitions, s.Metadata, s.Transactions, s.Metrics),
            new FetchHandler(
                new FetchTargets(s.Partitions, s.Metadata, s.Access), s.FetchSessions, s.Timers, s.Options, s.Metrics, s.Clock),
            new ListOffsetsHandler(s.Partitions),
            new OffsetForLeaderEpochHandler(s.Partitions),
            createTopics,
            new DeleteTopicsHandler(s.Admin, s.Metadata),
            new CreatePartitionsHandler(s.Admin, s.Options),
            new DeleteRecordsHandler(s.Partitions),
            new DescribeConfigsHandler(s.Metadata, layers, s.Defaults, s.Options),
            new AlterConfigsHandler(changes),
            new IncrementalAlterConfigsHandler(changes, s.Defaults),
            new DescribeTopicPartitionsHandler(s.Metadata, s.Identity),
            new FindCoordinatorHandler(s.Groups, s.Transactions, s.ShareStates, s.Identity),
            new JoinGroupHandler(s.Groups, s.Ids.Next),
            new SyncGroupHandler(s.Groups),
            new HeartbeatHandler(s.Groups),
            new LeaveGroupHandler(s.Groups),
            new OffsetCommitHandler(s.Groups, s.Metadata, s.Clock),
            new OffsetFetchHandler(s.Groups, s.Metadata),
            new OffsetDeleteHandler(s.Groups, s.Metadata),
            new ConsumerGroupHeartbeatHandler(s.Groups, s.Access, s.Ids.Next),
            new ConsumerGroupDescribeHandler(s.Groups, s.Metadata),
            new StreamsGroupHeartbeatHandler(s.Groups, createTopics, s.Access),
            new StreamsGroupDescribeHandler(s.Groups),
            .. OfSharing(s),
            new DescribeGroupsHandler(s.Groups),
            new ListGroupsHandler(s.Groups),
            new DeleteGroupsHandler(s.Groups),
            .. OfTransactions(s),
            new DescribeUserScramCredentialsHandler(s.Metadata),
            new AlterUserScramCredentialsHandler(new ScramAdmin(s.Metadata)),
            .. OfTokens(s),
            new DescribeClientQuotasHandler(s.Metadata),
            new AlterClientQuotasHandler(s.Metadata),
            new DescribeAclsHandler(acls, s.Access),
            new CreateAclsHandler(acls, s.Access),
            new DeleteAclsHandler(acls, s.Access),
        ];
        return GuardList.Apply(s, handlers);
    }

    /// <summary>Share groups (KIP-932), and what brokers ask each other for their sake.</summary>
    private static IRequestHandler[] OfSharing(BrokerServices s)
    {
        var sessions = new ShareSessions(s.Shares, s.Options.GroupShareMaxShareSessions);
        var acknowledgements = new ShareAcknowledgements(s.Shares, s.ShareStates, s.Metadata, s.Access, s.Metrics);
        return
        [
            new ShareGroupHeartbeatHandler(s.Groups, s.ShareStates),
            new ShareGroupDescribeHandler(s.Groups, s.Metadata),
            new ShareFetchHandler(s.Shares, sessions, acknowledgements, s.ShareStates, s.Timers, s.Metrics, s.Clock),
            new ShareAcknowledgeHandler(s.Shares, sessions, acknowledgements, s.ShareStates),
            new DescribeShareGroupOffsetsHandler(s.Groups, s.ShareStates, s.Partitions, s.Metadata),
            new AlterShareGroupOffsetsHandler(s.Groups, s.ShareStates, s.Metadata),
            new DeleteShareGroupOffsetsHandler(s.Groups, s.Metadata),
            new InitializeShareGroupStateHandler(s.ShareStates),
            new ReadShareGroupStateHandler(s.ShareStates),
            new WriteShareGroupStateHandler(s.ShareStates),
            new DeleteShareGroupStateHandler(s.ShareStates),
            new ReadShareGroupStateSummaryHandler(s.ShareStates, s.Metadata),
        ];
    }

    private static IRequestHandler[] OfTransactions(BrokerServices s) =>
    [
        new InitProducerIdHandler(s.Transactions),
        new AddPartitionsToTxnHandler(s.Transactions, s.Metadata),
        new AddOffsetsToTxnHandler(s.Transactions, s.Groups),
        new TxnOffsetCommitHandler(s.Groups, s.Transactions, s.Metadata, s.Clock),
        new EndTxnHandler(s.Transactions),
        new WriteTxnMarkersHandler(s.Markers),
        new ListTransactionsHandler(s.Transactions, s.Clock),
        new DescribeTransactionsHandler(s.Transactions),
        new DescribeProducersHandler(s.Partitions),
    ];

    /// <summary>
    /// Delegation tokens. Kafka offers them whether they are switched on or not, and so do we: an error says that they are not.
    /// </summary>
    private static IRequestHandler[] OfTokens(BrokerServices s)
    {
        var requests = new TokenRequests(s.Access);
        return
        [
            new CreateDelegationTokenHandler(s.Tokens, requests),
            new RenewDelegationTokenHandler(s.Tokens),
            new ExpireDelegationTokenHandler(s.Tokens),
            new DescribeDelegationTokenHandler(s.Tokens, requests),
        ];
    }

    /// <summary>What is about the cluster, its one broker and what clients tell it of themselves.</summary>
    private static IRequestHandler[] OfCluster(BrokerServices s) =>
    [
        new DescribeClusterHandler(s.Identity),
        new DescribeLogDirsHandler(s.Partitions, s.Files, s.Options),
        new AlterReplicaLogDirsHandler(s.Partitions, s.Options),
        new ElectLeadersHandler(s.Metadata),
        new AlterPartitionReassignmentsHandler(s.Metadata, s.Options),
        new ListPartitionReassignmentsHandler(),
        new DescribeQuorumHandler(s.Metadata, s.Identity, s.Clock),
        new UnregisterBrokerHandler(s.Identity),
        new ListConfigResourcesHandler(s.Metadata, s.Identity),
        new UpdateFeaturesHandler(),
        new AddRaftVoterHandler(s.Identity),
        new RemoveRaftVoterHandler(s.Identity),
        new GetTelemetrySubscriptionsHandler(s.Telemetry, s.Ids.Next),
        new PushTelemetryHandler(s.Telemetry),
    ];
}
