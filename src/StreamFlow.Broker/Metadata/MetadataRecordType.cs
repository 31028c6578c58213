namespace StreamFlow.Broker.Metadata;

/// <summary>The types of the metadata log's records. The numbers are Kafka's and may not change.</summary>
internal enum MetadataRecordType : uint
{
    Topic = 2,
    Partition = 3,
    Config = 4,
    RemoveTopic = 9,
    ProducerIds = 15,
}
