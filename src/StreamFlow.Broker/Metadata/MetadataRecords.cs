using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Security;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Metadata;

/// <summary>
/// The records of the metadata log: each makes the next image. A value is <c>uvarint 1, uvarint type, uvarint version, fields</c>;
/// there is no key.
/// </summary>
internal static class MetadataRecords
{
    private const uint FrameVersion = 1;
    private const short LayoutVersion = 0;

    /// <summary>The resource type of a topic's setting, as in the config APIs.</summary>
    public const sbyte TopicResource = 2;

    /// <summary>The resource type of a broker's setting, as in the config APIs.</summary>
    public const sbyte BrokerResource = 4;

    /// <summary>The resource type of a group's setting, as in the config APIs.</summary>
    public const sbyte GroupResource = 32;

    /// <summary>The resource type of a subscription to client metrics, as in the config APIs.</summary>
    public const sbyte ClientMetricsResource = 16;

    public static void Append(RecordBatchBuilder batch, IVersioned record, long now)
    {
        using var buffer = new FrameBuffer();
        var writer = new ProtocolWriter(buffer);
        writer.WriteUnsignedVarint(FrameVersion);
        writer.WriteUnsignedVarint((uint)TypeOf(record));
        writer.WriteUnsignedVarint((uint)LayoutVersion);
        record.Write(ref writer, LayoutVersion);
        batch.Append(now, false, default, true, buffer.ToArray(), Headers.Empty);
    }

    /// <summary>Reads a record's value; null for a type that this broker does not use.</summary>
    public static IVersioned? Read(ReadOnlySpan<byte> value)
    {
        var reader = new ProtocolReader(value.ToArray(), "metadata record");
        var frameVersion = reader.ReadUnsignedVarint();
        if (frameVersion != FrameVersion)
        {
            throw new ProtocolException($"the metadata log has a record of frame version {frameVersion}; only {FrameVersion} is read");
        }

        var type = (MetadataRecordType)reader.ReadUnsignedVarint();
        var version = (short)reader.ReadUnsignedVarint();
        return type switch
        {
            MetadataRecordType.Topic => TopicRecord.Read(ref reader, version),
            MetadataRecordType.Partition => PartitionRecord.Read(ref reader, version),
            MetadataRecordType.Config => ConfigRecord.Read(ref reader, version),
            MetadataRecordType.RemoveTopic => RemoveTopicRecord.Read(ref reader, version),
            MetadataRecordType.ProducerIds => ProducerIdsRecord.Read(ref reader, version),
            MetadataRecordType.UserScramCredential => UserScramCredentialRecord.Read(ref reader, version),
            MetadataRecordType.RemoveUserScramCredential => RemoveUserScramCredentialRecord.Read(ref reader, version),
            MetadataRecordType.AccessControlEntry => AccessControlEntryRecord.Read(ref reader, version),
            MetadataRecordType.RemoveAccessControlEntry => RemoveAccessControlEntryRecord.Read(ref reader, version),
            MetadataRecordType.DelegationToken => DelegationTokenRecord.Read(ref reader, version),
            MetadataRecordType.RemoveDelegationToken => RemoveDelegationTokenRecord.Read(ref reader, version),
            MetadataRecordType.ClientQuota => ClientQuotaRecord.Read(ref reader, version),
            _ => null,
        };
    }

    /// <summary>The image after a record.</summary>
    public static MetadataImage Apply(MetadataImage image, IVersioned? record) => record switch
    {
        TopicRecord topic => image.WithTopic(topic.Name, topic.TopicId),
        PartitionRecord partition => image.WithPartition(partition.TopicId, partition.PartitionId),
        ConfigRecord { ResourceType: TopicResource } config => image.WithTopicConfig(config.ResourceName, config.Name, config.Value),
        ConfigRecord { ResourceType: BrokerResource } config => image.WithBrokerConfig(config.ResourceName, config.Name, config.Value),
        ConfigRecord { ResourceType: ClientMetricsResource } config =>
            image.WithClientMetrics(config.ResourceName, config.Name, config.Value),
        ConfigRecord { ResourceType: GroupResource } config => image.WithGroupConfig(config.ResourceName, config.Name, config.Value),
        RemoveTopicRecord removed => image.WithoutTopic(removed.TopicId),
        ProducerIdsRecord ids => image.WithNextProducerId(ids.NextProducerId),
        UserScramCredentialRecord user => image.WithScramUser(
            user.Name, user.Mechanism, new ScramCredential(user.Salt, user.StoredKey, user.ServerKey, user.Iterations)),
        ClientQuotaRecord quota when QuotaEntity.Of(quota.Entity.Select(e => (e.EntityType, e.EntityName))) is { } entity =>
            image.WithQuota(entity, quota.Key, quota.Remove ? null : quota.Value),
        AccessControlEntryRecord acl => image.WithAcl(acl.Id, new AclBinding(
            (AclResourceType)acl.ResourceType, acl.ResourceName, (AclPatternType)acl.PatternType,
            acl.Principal, acl.Host, (AclOperation)acl.Operation, (AclPermission)acl.PermissionType)),
        RemoveAccessControlEntryRecord acl => image.WithAcl(acl.Id, null),
        RemoveUserScramCredentialRecord user => image.WithScramUser(user.Name, user.Mechanism, null),
        DelegationTokenRecord made => DelegationTokens.Read(made) is { } token ? image.WithToken(token.Id, token) : image,
        RemoveDelegationTokenRecord removed => image.WithToken(removed.TokenId, null),
        _ => image,
    };

    private static MetadataRecordType TypeOf(IVersioned record) => record switch
    {
        TopicRecord => MetadataRecordType.Topic,
        PartitionRecord => MetadataRecordType.Partition,
        ConfigRecord => MetadataRecordType.Config,
        RemoveTopicRecord => MetadataRecordType.RemoveTopic,
        ProducerIdsRecord => MetadataRecordType.ProducerIds,
        UserScramCredentialRecord => MetadataRecordType.UserScramCredential,
        RemoveUserScramCredentialRecord => MetadataRecordType.RemoveUserScramCredential,
        AccessControlEntryRecord => MetadataRecordType.AccessControlEntry,
        RemoveAccessControlEntryRecord => MetadataRecordType.RemoveAccessControlEntry,
        ClientQuotaRecord => MetadataRecordType.ClientQuota,
        DelegationTokenRecord => MetadataRecordType.DelegationToken,
        RemoveDelegationTokenRecord => MetadataRecordType.RemoveDelegationToken,
        _ => throw new ArgumentException($"{record.GetType().Name} is not a metadata record", nameof(record)),
    };
}
