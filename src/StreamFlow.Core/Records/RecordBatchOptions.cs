namespace StreamFlow.Core.Records;

/// <summary>What the header of a batch says besides its records. <c>new()</c> is what a plain producer sends.</summary>
public readonly record struct RecordBatchOptions
{
    /// <summary>The options of a plain, uncompressed batch.</summary>
    public RecordBatchOptions()
    {
    }

    /// <summary>Offset of the first record; a producer leaves 0, the broker sets it.</summary>
    public long BaseOffset { get; init; }

    /// <summary>The leader epoch, -1 from a producer.</summary>
    public int PartitionLeaderEpoch { get; init; } = -1;

    /// <summary>The codec.</summary>
    public CompressionType Compression { get; init; }

    /// <summary>The codec's level; null is the codec's default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>What the timestamps mean.</summary>
    public TimestampType TimestampType { get; init; }

    /// <summary>Whether the batch is part of a transaction.</summary>
    public bool IsTransactional { get; init; }

    /// <summary>Whether the batch holds a control record.</summary>
    public bool IsControl { get; init; }

    /// <summary>The producer's id, -1 for none.</summary>
    public long ProducerId { get; init; } = RecordBatch.NoProducerId;

    /// <summary>The producer's epoch, -1 for none.</summary>
    public short ProducerEpoch { get; init; } = RecordBatch.NoProducerEpoch;

    /// <summary>Sequence of the first record, -1 for none.</summary>
    public int BaseSequence { get; init; } = RecordBatch.NoSequence;

    /// <summary>Last offset minus base offset when it is not that of the last record: compaction keeps the original one.</summary>
    public int? LastOffsetDelta { get; init; }
}
