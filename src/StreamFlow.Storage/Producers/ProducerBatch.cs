namespace StreamFlow.Storage.Producers;

/// <summary>What is remembered of a batch to recognise its duplicate.</summary>
/// <param name="LastSequence">Sequence of the last record.</param>
/// <param name="LastOffset">Offset of the last record.</param>
/// <param name="OffsetDelta">Last minus first offset, and so last minus first sequence.</param>
/// <param name="Timestamp">The batch's largest timestamp (ms).</param>
internal readonly record struct ProducerBatch(int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    public long FirstOffset => LastOffset - OffsetDelta;

    /// <summary>Sequence of the first record; sequences wrap from 2^31-1 to 0.</summary>
    public int FirstSequence => (int)(((long)LastSequence - OffsetDelta) & int.MaxValue);
}
