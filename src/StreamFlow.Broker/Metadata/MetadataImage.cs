using System.Collections.Immutable;
using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Broker.Security.Tokens;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Metadata;

/// <summary>
/// Everything the cluster agrees on at one point of the metadata log: topics, settings, the next producer id. Immutable; each record of
/// the log makes the next image, so readers take the current one and need no lock.
/// </summary>
internal sealed record MetadataImage
{
    /// <summary>The image of an empty log.</summary>
    public static MetadataImage Empty { get; } = new();

    public ImmutableSortedDictionary<string, TopicImage> Topics { get; private init; } =
        ImmutableSortedDictionary.Create<string, TopicImage>(StringComparer.Ordinal);

    /// <summary>The same topics by id.</summary>
    public ImmutableDictionary<Guid, TopicImage> TopicsById { get; private init; } = ImmutableDictionary<Guid, TopicImage>.Empty;

    /// <summary>Settings changed while running, for all brokers.</summary>
    public ImmutableSortedDictionary<string, string> BrokerConfigs { get; private init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Settings of groups, by group; a group here has one at least.</summary>
    public ImmutableDictionary<string, ImmutableSortedDictionary<string, string>> GroupConfigs { get; private init; } =
        ImmutableDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>Settings changed while running, for this broker alone: they go before those for all.</summary>
    public ImmutableSortedDictionary<string, string> NodeConfigs { get; private init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Settings of subscriptions to client metrics (KIP-714), by name; a subscription here has one at least.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> ClientMetrics { get; private init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>The first producer id that no block has been handed out for.</summary>
    public long NextProducerId { get; private init; }

    /// <summary>SCRAM credentials by user and the mechanism's number.</summary>
    public ImmutableDictionary<(string User, sbyte Mechanism), ScramCredential> ScramUsers { get; private init; } =
        ImmutableDictionary<(string User, sbyte Mechanism), ScramCredential>.Empty;

    /// <summary>Delegation tokens by their ids; some may be over already.</summary>
    public ImmutableDictionary<string, DelegationToken> Tokens { get; private init; } = ImmutableDictionary<string, DelegationToken>.Empty;

    /// <summary>ACLs by their ids.</summary>
    public ImmutableDictionary<Guid, AclBinding> Acls { get; private init; } = ImmutableDictionary<Guid, AclBinding>.Empty;

    /// <summary>Quotas by whose they are; an entity has one at least.</summary>
    public ImmutableDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>> Quotas { get; private init; } =
        ImmutableDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>>.Empty;

    /// <summary>Sets a quota, or takes it away with null.</summary>
    public MetadataImage WithQuota(QuotaEntity entity, string key, double? value)
    {
        var old = Quotas.GetValueOrDefault(entity) ?? ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);
        var next = value is { } number ? old.SetItem(key, number) : old.Remove(key);
        return this with { Quotas = next.IsEmpty ? Quotas.Remove(entity) : Quotas.SetItem(entity, next) };
    }

    /// <summary>Sets a delegation token, or takes it away with null.</summary>
    public MetadataImage WithToken(string id, DelegationToken? token) =>
        this with { Tokens = token is null ? Tokens.Remove(id) : Tokens.SetItem(id, token) };

    /// <summary>Sets an ACL, or takes it away with null.</summary>
    public MetadataImage WithAcl(Guid id, AclBinding? acl) =>
        this with { Acls = acl is null ? Acls.Remove(id) : Acls.SetItem(id, acl) };

    /// <summary>Sets the credential of a user, or takes it away with null.</summary>
    public MetadataImage WithScramUser(string user, sbyte mechanism, ScramCredential? credential) => this with
    {
        ScramUsers = credential is null ? ScramUsers.Remove((user, mechanism)) : ScramUsers.SetItem((user, mechanism), credential),
    };

    public MetadataImage WithTopic(string name, Guid id) =>
        Put(new TopicImage(name, id, 0, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)));

    /// <summary>Partitions are added in their order, from 0.</summary>
    public MetadataImage WithPartition(Guid topicId, int partition) =>
        TopicsById.TryGetValue(topicId, out var topic)
            ? Put(topic with { PartitionCount = Math.Max(topic.PartitionCount, partition + 1) })
            : this;

    public MetadataImage WithoutTopic(Guid topicId) =>
        TopicsById.TryGetValue(topicId, out var topic)
            ? this with { Topics = Topics.Remove(topic.Name), TopicsById = TopicsById.Remove(topicId) }
            : this;

    /// <summary>Sets a setting of a topic, or clears it with null.</summary>
    public MetadataImage WithTopicConfig(string name, string key, string? value) =>
        Topics.TryGetValue(name, out var topic) ? Put(topic with { Configs = Set(topic.Configs, key, value) }) : this;

    /// <summary>Sets a setting of the broker, or clears it with null.</summary>
    /// <param name="broker">The broker, or nothing for all brokers.</param>
    /// <param name="key">The setting.</param>
    /// <param name="value">Its value.</param>
    public MetadataImage WithBrokerConfig(string broker, string key, string? value) => broker.Length == 0
        ? this with { BrokerConfigs = Set(BrokerConfigs, key, value) }
        : this with { NodeConfigs = Set(NodeConfigs, key, value) };

    /// <summary>Sets a setting of a subscription to client metrics, or clears it with null.</summary>
    public MetadataImage WithClientMetrics(string name, string key, string? value)
    {
        var old = ClientMetrics.GetValueOrDefault(name) ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        var next = Set(old, key, value);
        return this with { ClientMetrics = next.IsEmpty ? ClientMetrics.Remove(name) : ClientMetrics.SetItem(name, next) };
    }

    /// <summary>Sets a setting of a group, or clears it with null.</summary>
    public MetadataImage WithGroupConfig(string group, string key, string? value)
    {
        var old = GroupConfigs.GetValueOrDefault(group) ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        var next = Set(old, key, value);
        return this with { GroupConfigs = next.IsEmpty ? GroupConfigs.Remove(group) : GroupConfigs.SetItem(group, next) };
    }

    public MetadataImage WithNextProducerId(long next) => this with { NextProducerId = next };

    private static ImmutableSortedDictionary<string, string> Set(
        ImmutableSortedDictionary<string, string> configs, string key, string? value) =>
        value is null ? configs.Remove(key) : configs.SetItem(key, value);

    private MetadataImage Put(TopicImage topic) => this with
    {
        Topics = Topics.SetItem(topic.Name, topic),
        TopicsById = TopicsById.SetItem(topic.Id, topic),
    };
}
