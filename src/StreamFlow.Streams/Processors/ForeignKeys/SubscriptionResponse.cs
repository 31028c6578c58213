namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>What the right side of a foreign-key join answers to a left row.</summary>
/// <param name="hash">The hash that came with the subscription: an answer to an older left value is recognised by it.</param>
/// <param name="hasValue">Whether there is a right row.</param>
/// <param name="value">Its value.</param>
/// <param name="primaryPartition">The partition of the answer, -1 for the hash of the key; not part of the message.</param>
internal readonly struct SubscriptionResponse<TForeign>(UInt128? hash, bool hasValue, TForeign? value, int primaryPartition)
{
    public UInt128? Hash { get; } = hash;

    public bool HasValue { get; } = hasValue;

    public TForeign? Value { get; } = value;

    public int PrimaryPartition { get; } = primaryPartition;
}
