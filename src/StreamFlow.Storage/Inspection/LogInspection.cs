using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Inspection;

/// <summary>One thing that <see cref="LogInspector"/> found: a batch, or a fault.</summary>
/// <param name="File">The file.</param>
/// <param name="Position">Byte position in the file.</param>
public abstract record LogInspection(string File, long Position);

/// <summary>Bytes that are not what they should be. The rest of that file was not looked at.</summary>
/// <param name="File">The file.</param>
/// <param name="Position">Byte position at which the fault begins.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record InspectedFault(string File, long Position, string Reason) : LogInspection(File, Position);

/// <summary>A sound batch.</summary>
/// <param name="File">The file.</param>
/// <param name="Position">Byte position of the batch.</param>
/// <param name="Size">Bytes of the batch, header included.</param>
/// <param name="BaseOffset">Offset of the first record.</param>
/// <param name="LastOffset">Offset of the last record.</param>
/// <param name="RecordCount">Records in the batch; compaction makes them fewer than the offsets.</param>
/// <param name="LeaderEpoch">Leader epoch, -1 when there is none.</param>
/// <param name="ProducerId">Producer id, -1 when there is none.</param>
/// <param name="ProducerEpoch">Producer epoch, -1 when there is none.</param>
/// <param name="BaseSequence">Sequence of the first record, -1 when there is none.</param>
/// <param name="Compression">The codec.</param>
/// <param name="TimestampType">What the timestamps mean.</param>
/// <param name="MaxTimestamp">Largest timestamp (ms).</param>
/// <param name="IsTransactional">Whether it is part of a transaction.</param>
/// <param name="IsControl">Whether it holds a control record.</param>
/// <param name="DeleteHorizon">When its tombstones may go (ms), null when that is not set.</param>
/// <param name="Crc">The checksum.</param>
/// <param name="Records">The records, empty when they were not asked for.</param>
public sealed record InspectedBatch(
    string File,
    long Position,
    int Size,
    long BaseOffset,
    long LastOffset,
    int RecordCount,
    int LeaderEpoch,
    long ProducerId,
    short ProducerEpoch,
    int BaseSequence,
    CompressionType Compression,
    TimestampType TimestampType,
    long MaxTimestamp,
    bool IsTransactional,
    bool IsControl,
    long? DeleteHorizon,
    uint Crc,
    IReadOnlyList<InspectedRecord> Records) : LogInspection(File, Position);

/// <summary>A record of an inspected batch.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="Timestamp">Its timestamp (ms).</param>
/// <param name="Key">The key, or null.</param>
/// <param name="Value">The value, or null.</param>
/// <param name="Headers">The headers.</param>
public sealed record InspectedRecord(long Offset, long Timestamp, byte[]? Key, byte[]? Value, Headers Headers);
