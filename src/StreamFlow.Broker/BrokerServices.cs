using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Fetching;
using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Broker.Telemetry;
using StreamFlow.Broker.Transactions;
using StreamFlow.Core.IO;

namespace StreamFlow.Broker;

/// <summary>What handlers work with.</summary>
internal sealed record BrokerServices(
    BrokerOptions Options,
    IFileSystem Files,
    IdSource Ids,
    BrokerClock Clock,
    BrokerMetrics Metrics,
    TimerQueue Timers,
    BrokerIdentity Identity,
    BrokerDefaults Defaults,
    PartitionManager Partitions,
    MetadataLog Metadata,
    TopicAdmin Admin,
    GroupCoordinator Groups,
    SharePartitions Shares,
    ShareStates ShareStates,
    TransactionCoordinator Transactions,
    ITransactionMarkers Markers,
    ILogger Logger,
    AccessControl Access,
    ClientQuotas Quotas,
    FetchSessionCache FetchSessions,
    ClientTelemetry Telemetry,
    DelegationTokens Tokens);
