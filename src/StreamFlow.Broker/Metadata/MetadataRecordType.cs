namespace StreamFlow.Broker.Metadata;

/// <summary>The types of the metadata log's records. The numbers are Kafka's and may not change.</summary>
internal enum MetadataRecordType : uint
{
    Topic = 2,
    Partition = 3,
    Config = 4,
    RemoveTopic = 9,
    DelegationToken = 10,
    UserScramCredential = 11,
    ClientQuota = 14,
    ProducerIds = 15,
    AccessControlEntry = 18,
    RemoveAccessControlEntry = 19,
    RemoveUserScramCredential = 22,
    RemoveDelegationToken = 26,
}
