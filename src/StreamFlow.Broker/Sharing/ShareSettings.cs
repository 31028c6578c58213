using System.Collections.Immutable;
using System.Globalization;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Metadata;

namespace StreamFlow.Broker.Sharing;

/// <summary>The settings of share groups as they are now: the group's own, or the broker's.</summary>
internal sealed class ShareSettings(BrokerOptions options, MetadataLog metadata)
{
    private static readonly ImmutableSortedDictionary<string, string> None =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private readonly ShareLimits _limits = new()
    {
        LockDurationMs = options.GroupShareRecordLockDurationMs,
        DeliveryCountLimit = options.GroupShareDeliveryCountLimit,
        MaxRecordLocks = options.GroupSharePartitionMaxRecordLocks,
    };

    /// <summary>What members may do.</summary>
    public ShareLimits LimitsOf(string groupId)
    {
        var own = Own(groupId);
        return own.IsEmpty ? _limits : new ShareLimits
        {
            LockDurationMs = Number(own, GroupConfigKeys.ShareRecordLockDuration, _limits.LockDurationMs),
            DeliveryCountLimit = Number(own, GroupConfigKeys.ShareDeliveryCountLimit, _limits.DeliveryCountLimit),
            MaxRecordLocks = Number(own, GroupConfigKeys.SharePartitionMaxRecordLocks, _limits.MaxRecordLocks),
            AllowsRenewal = !own.TryGetValue(GroupConfigKeys.ShareRenewal, out var renewal) || bool.Parse(renewal),
        };
    }

    /// <summary>Whether members see only what transactions have committed.</summary>
    public bool ReadsCommitted(string groupId) =>
        Own(groupId).TryGetValue(GroupConfigKeys.ShareIsolationLevel, out var level) && level == GroupConfigKeys.ReadCommitted;

    /// <summary>Where the group begins.</summary>
    public ShareOffsetReset ResetOf(string groupId) =>
        Own(groupId).TryGetValue(GroupConfigKeys.ShareAutoOffsetReset, out var text) && ShareOffsetReset.TryParse(text, out var reset)
            ? reset
            : ShareOffsetReset.Latest;

    private ImmutableSortedDictionary<string, string> Own(string groupId) => metadata.Image.GroupConfigs.GetValueOrDefault(groupId) ?? None;

    private static int Number(ImmutableSortedDictionary<string, string> own, string key, int other) =>
        own.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : other;
}
