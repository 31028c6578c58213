using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Groups.Streams;

namespace StreamFlow.Broker.Groups;

/// <summary>The limits that groups live under, taken from <see cref="BrokerOptions"/>.</summary>
internal sealed record GroupSettings
{
    /// <summary>How long the first rebalance of an empty group waits for more members (ms).</summary>
    public int InitialRebalanceDelayMs { get; init; } = 3000;

    public int MinSessionTimeoutMs { get; init; } = 6000;

    public int MaxSessionTimeoutMs { get; init; } = 1_800_000;

    /// <summary>
    /// Whether members of a group that is loaded are known to be dead: those of an embedded broker lived in the process that ended. Then
    /// nobody waits for their sessions to run out.
    /// </summary>
    public bool MembersEndWithBroker { get; init; }

    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>The longest metadata string of a committed offset (characters).</summary>
    public int OffsetMetadataMaxSize { get; init; } = 4096;

    /// <summary>How long offsets of a group without members are kept (ms).</summary>
    public long OffsetsRetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>What only groups of KIP-848 know.</summary>
    public ConsumerGroupSettings Consumer { get; init; } = new();

    /// <summary>What only streams groups know.</summary>
    public StreamsGroupSettings Streams { get; init; } = new();

    /// <summary>What only share groups know.</summary>
    public ShareGroupSettings Share { get; init; } = new();
}
