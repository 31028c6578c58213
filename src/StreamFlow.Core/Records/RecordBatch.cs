namespace StreamFlow.Core.Records;

/// <summary>
/// The layout of a record batch of format version 2. All numbers are big-endian; the format may not change.
/// <code>
///   0  int64   base offset              not covered by the CRC: a broker sets it in place
///   8  int32   batch length             bytes behind this field
///  12  int32   partition leader epoch   not covered by the CRC
///  16  int8    magic                    2
///  17  uint32  CRC-32C                  of everything from the attributes to the end
///  21  int16   attributes               bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 has delete horizon
///  23  int32   last offset delta        stays when compaction removes records
///  27  int64   base timestamp           ms; the delete horizon when bit 6 is set
///  35  int64   max timestamp            ms; the append time when bit 3 is set
///  43  int64   producer id              -1 none
///  51  int16   producer epoch           -1 none
///  53  int32   base sequence            -1 none
///  57  int32   record count
///  61  records                          one compressed block when a codec is set
/// </code>
/// </summary>
public static class RecordBatch
{
    /// <summary>Position of the base offset.</summary>
    public const int BaseOffsetPosition = 0;

    /// <summary>Position of the batch length.</summary>
    public const int LengthPosition = 8;

    /// <summary>Position of the partition leader epoch.</summary>
    public const int LeaderEpochPosition = 12;

    /// <summary>Position of the magic byte.</summary>
    public const int MagicPosition = 16;

    /// <summary>Position of the checksum.</summary>
    public const int CrcPosition = 17;

    /// <summary>Position of the attributes, where the checksummed bytes begin.</summary>
    public const int AttributesPosition = 21;

    /// <summary>Position of the last offset delta.</summary>
    public const int LastOffsetDeltaPosition = 23;

    /// <summary>Position of the base timestamp.</summary>
    public const int BaseTimestampPosition = 27;

    /// <summary>Position of the max timestamp.</summary>
    public const int MaxTimestampPosition = 35;

    /// <summary>Position of the producer id.</summary>
    public const int ProducerIdPosition = 43;

    /// <summary>Position of the producer epoch.</summary>
    public const int ProducerEpochPosition = 51;

    /// <summary>Position of the base sequence.</summary>
    public const int BaseSequencePosition = 53;

    /// <summary>Position of the record count.</summary>
    public const int RecordCountPosition = 57;

    /// <summary>Size of the header in bytes, where the records begin.</summary>
    public const int HeaderSize = 61;

    /// <summary>Bytes in front of what <c>batch length</c> counts: base offset and the length itself.</summary>
    public const int LogOverhead = 12;

    /// <summary>The format version this layout describes.</summary>
    public const byte CurrentMagic = 2;

    /// <summary>The attributes' bits that name the codec.</summary>
    public const short CompressionMask = 0x07;

    /// <summary>The attributes' bit of the timestamp type.</summary>
    public const short TimestampTypeMask = 0x08;

    /// <summary>The attributes' bit of a transactional batch.</summary>
    public const short TransactionalMask = 0x10;

    /// <summary>The attributes' bit of a control batch.</summary>
    public const short ControlMask = 0x20;

    /// <summary>The attributes' bit that says the base timestamp holds a delete horizon.</summary>
    public const short DeleteHorizonMask = 0x40;

    /// <summary>The producer id of a batch that no idempotent producer wrote.</summary>
    public const long NoProducerId = -1;

    /// <summary>The producer epoch of a batch that no idempotent producer wrote.</summary>
    public const short NoProducerEpoch = -1;

    /// <summary>The base sequence of a batch that no idempotent producer wrote, and of control batches.</summary>
    public const int NoSequence = -1;

    /// <summary>The timestamp of a batch that has none.</summary>
    public const long NoTimestamp = -1;
}
