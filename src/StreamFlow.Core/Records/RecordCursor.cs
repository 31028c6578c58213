using System.Runtime.CompilerServices;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Records;

/// <summary>
/// Walks the records of one batch. The cursor holds positions only, so it can live in a field between calls; the caller
/// hands the same record bytes (<see cref="RecordBatchView.RecordBytes"/>, decompressed when a codec is set) to every call.
/// </summary>
public struct RecordCursor
{
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private readonly long _appendTime;
    private int _position;
    private int _remaining;

    /// <summary>Starts in front of the first record.</summary>
    public RecordCursor(in RecordBatchView batch)
    {
        _baseOffset = batch.BaseOffset;
        _baseTimestamp = batch.BaseTimestamp;
        _appendTime = batch.TimestampType == TimestampType.LogAppendTime ? batch.MaxTimestamp : RecordBatch.NoTimestamp;
        _remaining = batch.RecordCount;
    }

    /// <summary>Records that are still ahead.</summary>
    public readonly int Remaining => _remaining;

    /// <summary>Where the next record begins in the record bytes; behind the last record, where they should end.</summary>
    public readonly int Position => _position;

    /// <summary>Reads the next record and moves behind it.</summary>
    /// <returns>False behind the last record.</returns>
    /// <exception cref="CorruptRecordException">A length points outside the batch.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> records, out RecordView record)
    {
        if (_remaining <= 0)
        {
            record = default;
            return false;
        }

        record = Read(records);
        _remaining--;
        return true;
    }

    // Walking a changelog is hot from the first batch on: no time for the code to get warm.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private RecordView Read(ReadOnlySpan<byte> records)
    {
        var position = _position;
        if (!Varint.TryReadInt32(records, ref position, out var length) || length < 1 || length > records.Length - position)
        {
            throw Corrupt("its length points outside the batch");
        }

        var body = records.Slice(position, length);
        _position = position + length;

        var at = 1; // the attributes byte, which has no meaning yet
        if (!Varint.TryReadInt64(body, ref at, out var timestampDelta)
            || !Varint.TryReadInt32(body, ref at, out var offsetDelta)
            || !RecordView.TryReadBytes(body, ref at, out var key)
            || !RecordView.TryReadBytes(body, ref at, out var value)
            || !Varint.TryReadInt32(body, ref at, out var headerCount)
            || headerCount < 0)
        {
            throw Corrupt("a field runs past its end");
        }

        return new RecordView(
            _baseOffset + offsetDelta,
            _appendTime >= 0 ? _appendTime : _baseTimestamp + timestampDelta,
            !key.IsNull,
            key.Bytes,
            !value.IsNull,
            value.Bytes,
            headerCount,
            body[at..]);
    }

    private readonly CorruptRecordException Corrupt(string reason) =>
        new($"a record of the batch at offset {_baseOffset}, {_remaining} from the end, is damaged: {reason}");
}
