namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>What a left row tells the right row that its foreign key names.</summary>
/// <param name="instruction">What to do.</param>
/// <param name="hash">The hash of the left value; null when the row was deleted.</param>
/// <param name="primaryKey">The left row's key.</param>
/// <param name="primaryPartition">The left row's partition, where the answer goes; -1 when an old writer did not say.</param>
internal readonly struct Subscription<TKey>(SubscriptionInstruction instruction, UInt128? hash, TKey primaryKey, int primaryPartition)
{
    public SubscriptionInstruction Instruction { get; } = instruction;

    public UInt128? Hash { get; } = hash;

    public TKey PrimaryKey { get; } = primaryKey;

    public int PrimaryPartition { get; } = primaryPartition;
}
