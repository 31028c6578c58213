using System.Globalization;
using StreamFlow.Broker.Configuration;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>The settings of streams groups, taken from <see cref="BrokerOptions"/>; most can be set for single groups.</summary>
internal sealed record StreamsGroupSettings
{
    /// <summary>The name under which the log remembers <see cref="StandbyReplicas"/>.</summary>
    public const string StandbyReplicasConfig = "num.standby.replicas";

    /// <summary>Without a sign of life for this long a member is out (ms).</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>How often members send heartbeats (ms).</summary>
    public int HeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>A group is not assigned anew more often than this (ms); what changes meanwhile is taken together.</summary>
    public int AssignmentIntervalMs { get; init; } = 1000;

    /// <summary>How long the first assignment of an empty group waits for more members (ms).</summary>
    public int InitialRebalanceDelayMs { get; init; } = 3000;

    /// <summary>How many copies of each state are kept beside the one in use.</summary>
    public int StandbyReplicas { get; init; }

    /// <summary>The most members of a group.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>What a broker's settings say.</summary>
    public static StreamsGroupSettings Of(BrokerOptions options) => new()
    {
        SessionTimeoutMs = options.GroupStreamsSessionTimeoutMs,
        HeartbeatIntervalMs = options.GroupStreamsHeartbeatIntervalMs,
        AssignmentIntervalMs = options.GroupStreamsAssignmentIntervalMs,
        InitialRebalanceDelayMs = options.GroupStreamsInitialRebalanceDelayMs,
        StandbyReplicas = options.GroupStreamsNumStandbyReplicas,
        MaxSize = options.GroupStreamsMaxSize,
    };

    /// <summary>The settings as they are for a group that has some of its own.</summary>
    public StreamsGroupSettings With(IReadOnlyDictionary<string, string>? own) => own is null ? this : this with
    {
        SessionTimeoutMs = Own(own, GroupConfigKeys.StreamsSessionTimeout, SessionTimeoutMs),
        HeartbeatIntervalMs = Own(own, GroupConfigKeys.StreamsHeartbeatInterval, HeartbeatIntervalMs),
        AssignmentIntervalMs = Own(own, GroupConfigKeys.StreamsAssignmentInterval, AssignmentIntervalMs),
        InitialRebalanceDelayMs = Own(own, GroupConfigKeys.StreamsInitialRebalanceDelay, InitialRebalanceDelayMs),
        StandbyReplicas = Own(own, GroupConfigKeys.StreamsStandbyReplicas, StandbyReplicas),
    };

    private static int Own(IReadOnlyDictionary<string, string> own, string key, int other) =>
        own.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : other;
}
