using System.Globalization;
using StreamFlow.Broker.Configuration;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>The settings of membership in share groups, from <see cref="BrokerOptions"/>; most can be set for single groups.</summary>
internal sealed record ShareGroupSettings
{
    /// <summary>Without a sign of life for this long a member is out (ms).</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>How often members send heartbeats (ms).</summary>
    public int HeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>A group is not assigned anew more often than this (ms); what changes meanwhile is taken together.</summary>
    public int AssignmentIntervalMs { get; init; } = 1000;

    /// <summary>The most members of a group.</summary>
    public int MaxSize { get; init; } = 200;

    /// <summary>What a broker's settings say.</summary>
    public static ShareGroupSettings Of(BrokerOptions options) => new()
    {
        SessionTimeoutMs = options.GroupShareSessionTimeoutMs,
        HeartbeatIntervalMs = options.GroupShareHeartbeatIntervalMs,
        AssignmentIntervalMs = options.GroupShareAssignmentIntervalMs,
        MaxSize = options.GroupShareMaxSize,
    };

    /// <summary>The settings as they are for a group that has some of its own.</summary>
    public ShareGroupSettings With(IReadOnlyDictionary<string, string>? own) => own is null ? this : this with
    {
        SessionTimeoutMs = Own(own, GroupConfigKeys.ShareSessionTimeout, SessionTimeoutMs),
        HeartbeatIntervalMs = Own(own, GroupConfigKeys.ShareHeartbeatInterval, HeartbeatIntervalMs),
        AssignmentIntervalMs = Own(own, GroupConfigKeys.ShareAssignmentInterval, AssignmentIntervalMs),
    };

    private static int Own(IReadOnlyDictionary<string, string> own, string key, int other) =>
        own.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : other;
}
