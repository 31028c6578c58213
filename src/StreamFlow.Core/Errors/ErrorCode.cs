namespace StreamFlow.Core.Errors;

/// <summary>
/// The error codes of the Kafka protocol. The numbers are part of the wire format and may not change;
/// <see cref="ErrorCodes"/> says what each means and whether trying again can help.
/// </summary>
public enum ErrorCode : short
{
    /// <summary>UNKNOWN_SERVER_ERROR: the broker met a condition it has no code for; its log says more.</summary>
    UnknownServerError = -1,

    /// <summary>NONE: success.</summary>
    None = 0,

    /// <summary>OFFSET_OUT_OF_RANGE: the offset lies outside the log; reset the position.</summary>
    OffsetOutOfRange = 1,

    /// <summary>CORRUPT_MESSAGE: the bytes of a record batch do not match their checksum.</summary>
    CorruptMessage = 2,

    /// <summary>UNKNOWN_TOPIC_OR_PARTITION: no such topic or partition on this broker.</summary>
    UnknownTopicOrPartition = 3,

    /// <summary>INVALID_FETCH_SIZE: invalid fetch size.</summary>
    InvalidFetchSize = 4,

    /// <summary>LEADER_NOT_AVAILABLE: the partition has no leader at the moment.</summary>
    LeaderNotAvailable = 5,

    /// <summary>NOT_LEADER_OR_FOLLOWER: this broker does not lead the partition; refresh metadata.</summary>
    NotLeaderOrFollower = 6,

    /// <summary>REQUEST_TIMED_OUT: the request was not finished within its timeout.</summary>
    RequestTimedOut = 7,

    /// <summary>BROKER_NOT_AVAILABLE: broker not available.</summary>
    BrokerNotAvailable = 8,

    /// <summary>REPLICA_NOT_AVAILABLE: replica not available.</summary>
    ReplicaNotAvailable = 9,

    /// <summary>MESSAGE_TOO_LARGE: the batch is larger than max.message.bytes of the topic.</summary>
    MessageTooLarge = 10,

    /// <summary>STALE_CONTROLLER_EPOCH: stale controller epoch.</summary>
    StaleControllerEpoch = 11,

    /// <summary>OFFSET_METADATA_TOO_LARGE: the metadata string of a committed offset is too long.</summary>
    OffsetMetadataTooLarge = 12,

    /// <summary>NETWORK_EXCEPTION: the connection was lost before the answer came.</summary>
    NetworkException = 13,

    /// <summary>COORDINATOR_LOAD_IN_PROGRESS: the coordinator is still loading its state.</summary>
    CoordinatorLoadInProgress = 14,

    /// <summary>COORDINATOR_NOT_AVAILABLE: no coordinator is available yet.</summary>
    CoordinatorNotAvailable = 15,

    /// <summary>NOT_COORDINATOR: this broker is not the coordinator; find it again.</summary>
    NotCoordinator = 16,

    /// <summary>INVALID_TOPIC_EXCEPTION: the topic name is not valid.</summary>
    InvalidTopicException = 17,

    /// <summary>RECORD_LIST_TOO_LARGE: the batch is larger than a log segment may be.</summary>
    RecordListTooLarge = 18,

    /// <summary>NOT_ENOUGH_REPLICAS: fewer in-sync replicas than min.insync.replicas.</summary>
    NotEnoughReplicas = 19,

    /// <summary>NOT_ENOUGH_REPLICAS_AFTER_APPEND: written, but to fewer in-sync replicas than min.insync.replicas.</summary>
    NotEnoughReplicasAfterAppend = 20,

    /// <summary>INVALID_REQUIRED_ACKS: acks must be -1, 0 or 1.</summary>
    InvalidRequiredAcks = 21,

    /// <summary>ILLEGAL_GENERATION: the member speaks for an old generation; it has to rejoin.</summary>
    IllegalGeneration = 22,

    /// <summary>INCONSISTENT_GROUP_PROTOCOL: the members of the group share no protocol.</summary>
    InconsistentGroupProtocol = 23,

    /// <summary>INVALID_GROUP_ID: the group id is not valid.</summary>
    InvalidGroupId = 24,

    /// <summary>UNKNOWN_MEMBER_ID: the coordinator does not know this member; it has to rejoin.</summary>
    UnknownMemberId = 25,

    /// <summary>INVALID_SESSION_TIMEOUT: the session timeout is outside what the broker allows.</summary>
    InvalidSessionTimeout = 26,

    /// <summary>REBALANCE_IN_PROGRESS: the group is rebalancing; the member has to rejoin.</summary>
    RebalanceInProgress = 27,

    /// <summary>INVALID_COMMIT_OFFSET_SIZE: invalid commit offset size.</summary>
    InvalidCommitOffsetSize = 28,

    /// <summary>TOPIC_AUTHORIZATION_FAILED: not authorised for the topic.</summary>
    TopicAuthorizationFailed = 29,

    /// <summary>GROUP_AUTHORIZATION_FAILED: not authorised for the group.</summary>
    GroupAuthorizationFailed = 30,

    /// <summary>CLUSTER_AUTHORIZATION_FAILED: not authorised for the cluster.</summary>
    ClusterAuthorizationFailed = 31,

    /// <summary>INVALID_TIMESTAMP: the record timestamp is outside what the topic allows.</summary>
    InvalidTimestamp = 32,

    /// <summary>UNSUPPORTED_SASL_MECHANISM: the SASL mechanism is not enabled.</summary>
    UnsupportedSaslMechanism = 33,

    /// <summary>ILLEGAL_SASL_STATE: the request is not allowed in this state of the SASL exchange.</summary>
    IllegalSaslState = 34,

    /// <summary>UNSUPPORTED_VERSION: the broker does not offer this version of the API.</summary>
    UnsupportedVersion = 35,

    /// <summary>TOPIC_ALREADY_EXISTS: a topic with this name exists.</summary>
    TopicAlreadyExists = 36,

    /// <summary>INVALID_PARTITIONS: the number of partitions is not valid.</summary>
    InvalidPartitions = 37,

    /// <summary>INVALID_REPLICATION_FACTOR: the replication factor is not valid.</summary>
    InvalidReplicationFactor = 38,

    /// <summary>INVALID_REPLICA_ASSIGNMENT: the replica assignment is not valid.</summary>
    InvalidReplicaAssignment = 39,

    /// <summary>INVALID_CONFIG: a configuration name or value is not valid.</summary>
    InvalidConfig = 40,

    /// <summary>NOT_CONTROLLER: this node is not the controller.</summary>
    NotController = 41,

    /// <summary>INVALID_REQUEST: the request contradicts itself or breaks a limit.</summary>
    InvalidRequest = 42,

    /// <summary>UNSUPPORTED_FOR_MESSAGE_FORMAT: the record format is too old for this request.</summary>
    UnsupportedForMessageFormat = 43,

    /// <summary>POLICY_VIOLATION: policy violation.</summary>
    PolicyViolation = 44,

    /// <summary>OUT_OF_ORDER_SEQUENCE_NUMBER: the producer sequence has a gap.</summary>
    OutOfOrderSequenceNumber = 45,

    /// <summary>DUPLICATE_SEQUENCE_NUMBER: the batch is already in the log.</summary>
    DuplicateSequenceNumber = 46,

    /// <summary>INVALID_PRODUCER_EPOCH: a newer producer epoch exists.</summary>
    InvalidProducerEpoch = 47,

    /// <summary>INVALID_TXN_STATE: the transaction is not in a state that allows this.</summary>
    InvalidTxnState = 48,

    /// <summary>INVALID_PRODUCER_ID_MAPPING: the transactional id does not map to this producer id.</summary>
    InvalidProducerIdMapping = 49,

    /// <summary>INVALID_TRANSACTION_TIMEOUT: the transaction timeout is outside what the broker allows.</summary>
    InvalidTransactionTimeout = 50,

    /// <summary>CONCURRENT_TRANSACTIONS: the previous transaction of this producer is still being finished.</summary>
    ConcurrentTransactions = 51,

    /// <summary>TRANSACTION_COORDINATOR_FENCED: a newer transaction coordinator exists.</summary>
    TransactionCoordinatorFenced = 52,

    /// <summary>TRANSACTIONAL_ID_AUTHORIZATION_FAILED: not authorised for the transactional id.</summary>
    TransactionalIdAuthorizationFailed = 53,

    /// <summary>SECURITY_DISABLED: no authorizer is configured.</summary>
    SecurityDisabled = 54,

    /// <summary>OPERATION_NOT_ATTEMPTED: not attempted, because another part of the request failed.</summary>
    OperationNotAttempted = 55,

    /// <summary>KAFKA_STORAGE_ERROR: the disk of the log failed; see the broker log.</summary>
    KafkaStorageError = 56,

    /// <summary>LOG_DIR_NOT_FOUND: no such log directory.</summary>
    LogDirNotFound = 57,

    /// <summary>SASL_AUTHENTICATION_FAILED: authentication failed.</summary>
    SaslAuthenticationFailed = 58,

    /// <summary>UNKNOWN_PRODUCER_ID: the broker has no state for this producer id.</summary>
    UnknownProducerId = 59,

    /// <summary>REASSIGNMENT_IN_PROGRESS: reassignment in progress.</summary>
    ReassignmentInProgress = 60,

    /// <summary>DELEGATION_TOKEN_AUTH_DISABLED: delegation token auth disabled.</summary>
    DelegationTokenAuthDisabled = 61,

    /// <summary>DELEGATION_TOKEN_NOT_FOUND: delegation token not found.</summary>
    DelegationTokenNotFound = 62,

    /// <summary>DELEGATION_TOKEN_OWNER_MISMATCH: delegation token owner mismatch.</summary>
    DelegationTokenOwnerMismatch = 63,

    /// <summary>DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: delegation token request not allowed.</summary>
    DelegationTokenRequestNotAllowed = 64,

    /// <summary>DELEGATION_TOKEN_AUTHORIZATION_FAILED: delegation token authorization failed.</summary>
    DelegationTokenAuthorizationFailed = 65,

    /// <summary>DELEGATION_TOKEN_EXPIRED: delegation token expired.</summary>
    DelegationTokenExpired = 66,

    /// <summary>INVALID_PRINCIPAL_TYPE: invalid principal type.</summary>
    InvalidPrincipalType = 67,

    /// <summary>NON_EMPTY_GROUP: the group still has members.</summary>
    NonEmptyGroup = 68,

    /// <summary>GROUP_ID_NOT_FOUND: no such group.</summary>
    GroupIdNotFound = 69,

    /// <summary>FETCH_SESSION_ID_NOT_FOUND: the fetch session is not known any more.</summary>
    FetchSessionIdNotFound = 70,

    /// <summary>INVALID_FETCH_SESSION_EPOCH: the fetch session epoch is out of step.</summary>
    InvalidFetchSessionEpoch = 71,

    /// <summary>LISTENER_NOT_FOUND: listener not found.</summary>
    ListenerNotFound = 72,

    /// <summary>TOPIC_DELETION_DISABLED: topic deletion is switched off.</summary>
    TopicDeletionDisabled = 73,

    /// <summary>FENCED_LEADER_EPOCH: the leader epoch of the request is older than the broker's.</summary>
    FencedLeaderEpoch = 74,

    /// <summary>UNKNOWN_LEADER_EPOCH: the leader epoch of the request is newer than the broker's.</summary>
    UnknownLeaderEpoch = 75,

    /// <summary>UNSUPPORTED_COMPRESSION_TYPE: the compression type is not allowed here.</summary>
    UnsupportedCompressionType = 76,

    /// <summary>STALE_BROKER_EPOCH: stale broker epoch.</summary>
    StaleBrokerEpoch = 77,

    /// <summary>OFFSET_NOT_AVAILABLE: the leader does not know its high watermark yet.</summary>
    OffsetNotAvailable = 78,

    /// <summary>MEMBER_ID_REQUIRED: join again with the member id of this answer.</summary>
    MemberIdRequired = 79,

    /// <summary>PREFERRED_LEADER_NOT_AVAILABLE: preferred leader not available.</summary>
    PreferredLeaderNotAvailable = 80,

    /// <summary>GROUP_MAX_SIZE_REACHED: the group has reached its maximum size.</summary>
    GroupMaxSizeReached = 81,

    /// <summary>FENCED_INSTANCE_ID: another member with the same group.instance.id took over.</summary>
    FencedInstanceId = 82,

    /// <summary>ELIGIBLE_LEADERS_NOT_AVAILABLE: eligible leaders not available.</summary>
    EligibleLeadersNotAvailable = 83,

    /// <summary>ELECTION_NOT_NEEDED: election not needed.</summary>
    ElectionNotNeeded = 84,

    /// <summary>NO_REASSIGNMENT_IN_PROGRESS: no reassignment in progress.</summary>
    NoReassignmentInProgress = 85,

    /// <summary>GROUP_SUBSCRIBED_TO_TOPIC: a live member subscribes to the topic.</summary>
    GroupSubscribedToTopic = 86,

    /// <summary>INVALID_RECORD: the record batch breaks a rule of the topic or the format.</summary>
    InvalidRecord = 87,

    /// <summary>UNSTABLE_OFFSET_COMMIT: a transaction on this offset is still open; ask again.</summary>
    UnstableOffsetCommit = 88,

    /// <summary>THROTTLING_QUOTA_EXCEEDED: a quota was exceeded; slow down.</summary>
    ThrottlingQuotaExceeded = 89,

    /// <summary>PRODUCER_FENCED: another producer with the same transactional id took over.</summary>
    ProducerFenced = 90,

    /// <summary>RESOURCE_NOT_FOUND: resource not found.</summary>
    ResourceNotFound = 91,

    /// <summary>DUPLICATE_RESOURCE: duplicate resource.</summary>
    DuplicateResource = 92,

    /// <summary>UNACCEPTABLE_CREDENTIAL: unacceptable credential.</summary>
    UnacceptableCredential = 93,

    /// <summary>INCONSISTENT_VOTER_SET: inconsistent voter set.</summary>
    InconsistentVoterSet = 94,

    /// <summary>INVALID_UPDATE_VERSION: invalid update version.</summary>
    InvalidUpdateVersion = 95,

    /// <summary>FEATURE_UPDATE_FAILED: feature update failed.</summary>
    FeatureUpdateFailed = 96,

    /// <summary>PRINCIPAL_DESERIALIZATION_FAILURE: principal deserialization failure.</summary>
    PrincipalDeserializationFailure = 97,

    /// <summary>SNAPSHOT_NOT_FOUND: snapshot not found.</summary>
    SnapshotNotFound = 98,

    /// <summary>POSITION_OUT_OF_RANGE: position out of range.</summary>
    PositionOutOfRange = 99,

    /// <summary>UNKNOWN_TOPIC_ID: no topic has this id.</summary>
    UnknownTopicId = 100,

    /// <summary>DUPLICATE_BROKER_REGISTRATION: duplicate broker registration.</summary>
    DuplicateBrokerRegistration = 101,

    /// <summary>BROKER_ID_NOT_REGISTERED: broker id not registered.</summary>
    BrokerIdNotRegistered = 102,

    /// <summary>INCONSISTENT_TOPIC_ID: the topic id does not fit the topic name.</summary>
    InconsistentTopicId = 103,

    /// <summary>INCONSISTENT_CLUSTER_ID: inconsistent cluster id.</summary>
    InconsistentClusterId = 104,

    /// <summary>TRANSACTIONAL_ID_NOT_FOUND: no such transactional id.</summary>
    TransactionalIdNotFound = 105,

    /// <summary>FETCH_SESSION_TOPIC_ID_ERROR: the session mixes topic names and topic ids.</summary>
    FetchSessionTopicIdError = 106,

    /// <summary>INELIGIBLE_REPLICA: ineligible replica.</summary>
    IneligibleReplica = 107,

    /// <summary>NEW_LEADER_ELECTED: new leader elected.</summary>
    NewLeaderElected = 108,

    /// <summary>OFFSET_MOVED_TO_TIERED_STORAGE: offset moved to tiered storage.</summary>
    OffsetMovedToTieredStorage = 109,

    /// <summary>FENCED_MEMBER_EPOCH: the member epoch is not valid; rejoin with epoch 0.</summary>
    FencedMemberEpoch = 110,

    /// <summary>UNRELEASED_INSTANCE_ID: the static member id is still in use.</summary>
    UnreleasedInstanceId = 111,

    /// <summary>UNSUPPORTED_ASSIGNOR: the server-side assignor does not exist.</summary>
    UnsupportedAssignor = 112,

    /// <summary>STALE_MEMBER_EPOCH: the member epoch is stale; retry with the current one.</summary>
    StaleMemberEpoch = 113,

    /// <summary>MISMATCHED_ENDPOINT_TYPE: mismatched endpoint type.</summary>
    MismatchedEndpointType = 114,

    /// <summary>UNSUPPORTED_ENDPOINT_TYPE: unsupported endpoint type.</summary>
    UnsupportedEndpointType = 115,

    /// <summary>UNKNOWN_CONTROLLER_ID: unknown controller id.</summary>
    UnknownControllerId = 116,

    /// <summary>UNKNOWN_SUBSCRIPTION_ID: the telemetry subscription is outdated.</summary>
    UnknownSubscriptionId = 117,

    /// <summary>TELEMETRY_TOO_LARGE: the telemetry payload is too large.</summary>
    TelemetryTooLarge = 118,

    /// <summary>INVALID_REGISTRATION: invalid registration.</summary>
    InvalidRegistration = 119,

    /// <summary>TRANSACTION_ABORTABLE: the transaction cannot go on; abort it and start another.</summary>
    TransactionAbortable = 120,

    /// <summary>INVALID_RECORD_STATE: invalid record state.</summary>
    InvalidRecordState = 121,

    /// <summary>SHARE_SESSION_NOT_FOUND: share session not found.</summary>
    ShareSessionNotFound = 122,

    /// <summary>INVALID_SHARE_SESSION_EPOCH: invalid share session epoch.</summary>
    InvalidShareSessionEpoch = 123,

    /// <summary>FENCED_STATE_EPOCH: fenced state epoch.</summary>
    FencedStateEpoch = 124,

    /// <summary>INVALID_VOTER_KEY: invalid voter key.</summary>
    InvalidVoterKey = 125,

    /// <summary>DUPLICATE_VOTER: duplicate voter.</summary>
    DuplicateVoter = 126,

    /// <summary>VOTER_NOT_FOUND: voter not found.</summary>
    VoterNotFound = 127,

    /// <summary>INVALID_REGULAR_EXPRESSION: the subscription pattern is not a valid regular expression.</summary>
    InvalidRegularExpression = 128,

    /// <summary>REBOOTSTRAP_REQUIRED: the client has to bootstrap again.</summary>
    RebootstrapRequired = 129,

    /// <summary>STREAMS_INVALID_TOPOLOGY: streams invalid topology.</summary>
    StreamsInvalidTopology = 130,

    /// <summary>STREAMS_INVALID_TOPOLOGY_EPOCH: streams invalid topology epoch.</summary>
    StreamsInvalidTopologyEpoch = 131,

    /// <summary>STREAMS_TOPOLOGY_FENCED: streams topology fenced.</summary>
    StreamsTopologyFenced = 132,

    /// <summary>SHARE_SESSION_LIMIT_REACHED: share session limit reached.</summary>
    ShareSessionLimitReached = 133,
}
