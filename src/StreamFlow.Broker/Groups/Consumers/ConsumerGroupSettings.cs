using System.Collections.Immutable;
using System.Globalization;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Groups.Consumers.Assignors;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>The settings of KIP-848 groups, taken from <see cref="BrokerOptions"/>; some can be set for single groups.</summary>
internal sealed record ConsumerGroupSettings
{
    private static readonly string[] Policies = ["bidirectional", "upgrade", "downgrade", "disabled"];

    /// <summary>Without a sign of life for this long a member is out (ms).</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>How often members send heartbeats (ms).</summary>
    public int HeartbeatIntervalMs { get; init; } = 5000;

    /// <summary>A group is not assigned anew more often than this (ms); what changes meanwhile is taken together (KIP-1263).</summary>
    public int AssignmentIntervalMs { get; init; } = 1000;

    /// <summary>The most members of a group.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>The assignors that members may vote for; the first is taken when nobody votes.</summary>
    public ImmutableArray<string> Assignors { get; init; } = ["uniform", "range"];

    /// <summary>Whether a classic group becomes a KIP-848 group when a member of the new kind joins it.</summary>
    public bool CanUpgrade { get; init; } = true;

    /// <summary>Whether a KIP-848 group becomes a classic one when its last member of the new kind has left.</summary>
    public bool CanDowngrade { get; init; } = true;

    /// <summary>What a broker's settings say.</summary>
    /// <exception cref="ConfigurationException">The migration policy or an assignor is not known.</exception>
    public static ConsumerGroupSettings Of(BrokerOptions options)
    {
        var policy = options.GroupConsumerMigrationPolicy;
        if (!Policies.Contains(policy, StringComparer.OrdinalIgnoreCase))
        {
            throw new ConfigurationException(
                $"group.consumer.migration.policy is '{policy}'; it has to be one of {string.Join(", ", Policies)}");
        }

        var assignors = options.GroupConsumerAssignors;
        if (assignors.IsDefaultOrEmpty || assignors.Except(GroupAssignors.Names).Any())
        {
            throw new ConfigurationException(
                $"group.consumer.assignors is '{string.Join(',', assignors)}'; known are {string.Join(", ", GroupAssignors.Names)}");
        }

        return new ConsumerGroupSettings
        {
            SessionTimeoutMs = options.GroupConsumerSessionTimeoutMs,
            HeartbeatIntervalMs = options.GroupConsumerHeartbeatIntervalMs,
            AssignmentIntervalMs = options.GroupConsumerAssignmentIntervalMs,
            MaxSize = options.GroupConsumerMaxSize,
            Assignors = assignors,
            CanUpgrade = IsOneOf(policy, "bidirectional", "upgrade"),
            CanDowngrade = IsOneOf(policy, "bidirectional", "downgrade"),
        };
    }

    /// <summary>The settings as they are for a group that has some of its own.</summary>
    public ConsumerGroupSettings With(IReadOnlyDictionary<string, string>? own) => own is null ? this : this with
    {
        SessionTimeoutMs = Own(own, GroupConfigKeys.ConsumerSessionTimeout, SessionTimeoutMs),
        HeartbeatIntervalMs = Own(own, GroupConfigKeys.ConsumerHeartbeatInterval, HeartbeatIntervalMs),
        AssignmentIntervalMs = Own(own, GroupConfigKeys.ConsumerAssignmentInterval, AssignmentIntervalMs),
    };

    private static bool IsOneOf(string policy, params string[] policies) => policies.Contains(policy, StringComparer.OrdinalIgnoreCase);

    private static int Own(IReadOnlyDictionary<string, string> own, string key, int other) =>
        own.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : other;
}
