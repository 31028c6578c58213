namespace StreamFlow.Broker.Groups;

/// <summary>The limits that groups live under, taken from <see cref="BrokerOptions"/>.</summary>
internal sealed record GroupSettings
{
    /// <summary>How long the first rebalance of an empty group waits for more members (ms).</summary>
    public int InitialRebalanceDelayMs { get; init; } = 3000;

    public int MinSessionTimeoutMs { get; init; } = 6000;

    public int MaxSessionTimeoutMs { get; init; } = 1_800_000;

    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>The longest metadata string of a committed offset (characters).</summary>
    public int OffsetMetadataMaxSize { get; init; } = 4096;

    /// <summary>How long offsets of a group without members are kept (ms).</summary>
    public long OffsetsRetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;
}
