using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Producers;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage;

public sealed partial class PartitionLog
{
    /// <summary>
    /// Checks and appends what a producer sent: one batch of format version 2. The very bytes go to the file; base offset and leader epoch
    /// are set in place, which the checksum does not cover. With LogAppendTime, timestamp, attribute and checksum are set too.
    /// </summary>
    /// <param name="records">The batch; its bytes are changed.</param>
    /// <param name="leaderEpoch">The partition's leader epoch.</param>
    /// <param name="origin">Who appends. A coordinator may hand over several batches, which are appended one behind the other.</param>
    /// <returns>
    /// The offsets, or a refusal with Kafka's code: CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD,
    /// INVALID_TIMESTAMP, UNSUPPORTED_FOR_MESSAGE_FORMAT, UNSUPPORTED_COMPRESSION_TYPE, INVALID_PRODUCER_EPOCH,
    /// OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE, KAFKA_STORAGE_ERROR after a failed sync.
    /// </returns>
    /// <exception cref="StorageException">
    /// The disk refused, for want of room perhaps. The log is as it was before; try again later.
    /// </exception>
    public AppendResult Append(Span<byte> records, int leaderEpoch, AppendOrigin origin = AppendOrigin.Client)
    {
        var result = AppendOne(records, leaderEpoch, origin, out var size);
        if (result.Error != ErrorCode.None || size == records.Length)
        {
            return result;
        }

        var baseOffset = result.BaseOffset;
        while (result.Error == ErrorCode.None && size < records.Length)
        {
            records = records[size..];
            result = AppendOne(records, leaderEpoch, origin, out size);
        }

        return result with { BaseOffset = baseOffset };
    }

    /// <summary>Appends the marker that ends a producer's transaction in this partition.</summary>
    /// <param name="producerId">The transaction's producer.</param>
    /// <param name="producerEpoch">Its epoch; with transaction version 2 one above that of the data.</param>
    /// <param name="type">Commit or abort.</param>
    /// <param name="coordinatorEpoch">The coordinator's epoch; an older one than known is refused.</param>
    /// <param name="leaderEpoch">The partition's leader epoch.</param>
    /// <returns>The marker's offset, or INVALID_PRODUCER_EPOCH or TRANSACTION_COORDINATOR_FENCED.</returns>
    /// <exception cref="StorageException">The disk refused.</exception>
    public AppendResult AppendMarker(long producerId, short producerEpoch, ControlRecordType type, int coordinatorEpoch, int leaderEpoch)
    {
        Span<byte> key = stackalloc byte[4];
        Span<byte> value = stackalloc byte[6];
        BinaryPrimitives.WriteInt32BigEndian(key, (ushort)type);
        BinaryPrimitives.WriteInt16BigEndian(value, 0);
        BinaryPrimitives.WriteInt32BigEndian(value[2..], coordinatorEpoch);
        using var builder = new RecordBatchBuilder(128);
        builder.Append(_context.Now(), true, key, true, value, Headers.Empty);
        var batch = builder.Finish(new RecordBatchOptions
        {
            IsControl = true,
            IsTransactional = true,
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
        });
        return Append(batch.Span, leaderEpoch, AppendOrigin.Coordinator);
    }

    private AppendResult AppendOne(Span<byte> records, int leaderEpoch, AppendOrigin origin, out int size)
    {
        var config = Config;
        var now = _context.Now();
        var check = BatchValidator.Check(records, config, origin, now, out var header);
        size = header.Size;
        if (check.Error != ErrorCode.None)
        {
            return AppendResult.Refused(check.Error, check.Reason!,
                check.IsReadable ? LogStartOffset : -1) with { RefusedRecords = check.RefusedRecords };
        }

        var batch = records[..size];
        if (config.Compression is not { } codec
            || header.IsControl || codec == (CompressionType)(header.Attributes & RecordBatch.CompressionMask))
        {
            return AppendChecked(batch, header, check.MaxTimestamp, config, leaderEpoch, now, origin);
        }

        using var rewritten = new PooledBufferWriter(size);
        try
        {
            BatchRewriter.Recompress(batch, codec, config.LevelOf(codec), rewritten);
        }
        catch (CorruptRecordException e)
        {
            return AppendResult.Refused(ErrorCode.CorruptMessage, e.Message, LogStartOffset);
        }

        _ = BatchHeader.TryRead(rewritten.WrittenSpan, 0, out header);
        return AppendChecked(rewritten.WrittenSpanForPatch, header, check.MaxTimestamp, config, leaderEpoch, now, origin);
    }

    private AppendResult AppendChecked(
        Span<byte> batch, BatchHeader header, long maxTimestamp, LogConfig config, int leaderEpoch, long now, AppendOrigin origin)
    {
        var isAppendTime = config.TimestampType == TimestampType.LogAppendTime && !header.IsControl;
        if (isAppendTime)
        {
            BatchValidator.StampAppendTime(batch, now);
        }
        else if ((header.Attributes & RecordBatch.TimestampTypeMask) != 0 || header.MaxTimestamp != maxTimestamp)
        {
            BatchValidator.StampCreateTime(batch, maxTimestamp);
        }

        _ = BatchHeader.TryRead(batch, 0, out header);
        TransactionMarker marker = default;
        var isMarker = header.IsControl && TransactionMarker.TryRead(batch, out marker);
        lock (_writeLock)
        {
            if (_failure is not null || _isClosed)
            {
                return AppendResult.Refused(
                    ErrorCode.KafkaStorageError, _failure?.Message ?? $"{TopicPartition} is closed", _logStartOffset);
            }

            var verdict = header.ProducerId < 0
                ? ProducerCheck.Accept
                : isMarker
                    ? _producers.CheckMarker(header.ProducerId, header.ProducerEpoch, marker.CoordinatorEpoch)
                    : _producers.Check(header, beginsAtZero: origin == AppendOrigin.EpochPerTransactionClient);
            if (verdict.Error != ErrorCode.None)
            {
                return AppendResult.Refused(verdict.Error, verdict.Reason!, _logStartOffset);
            }

            if (verdict.IsDuplicate)
            {
                return Appended(
                    verdict.Original.FirstOffset,
                    verdict.Original.LastOffset,
                    isAppendTime ? verdict.Original.Timestamp : -1,
                    config) with { IsDuplicate = true };
            }

            var baseOffset = _logEndOffset;
            Write(batch, header, config, baseOffset, leaderEpoch, isMarker ? marker : null);
            return Appended(baseOffset, baseOffset + header.LastOffsetDelta, isAppendTime ? now : -1, config);
        }
    }

    private void Write(
        Span<byte> batch, in BatchHeader header, LogConfig config, long baseOffset, int leaderEpoch, TransactionMarker? marker)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LeaderEpochPosition..], leaderEpoch);
        _epochs.Assign(leaderEpoch, baseOffset);
        var active = MakeRoom(header, config, baseOffset);
        var placed = header.PlacedAt(active.Size, baseOffset, leaderEpoch);
        if (marker is { } ending)
        {
            WriteMarker(active, batch, placed, config, ending);
        }
        else
        {
            active.Append(batch, placed, config.IndexIntervalBytes);
            _producers.Append(placed);
        }

        NoteWritten(active);
        Volatile.Write(ref _logEndOffset, placed.LastOffset + 1);
        PublishHighWatermark(_context.Options.HighWatermarkFollowsEnd ? placed.LastOffset + 1 : _highWatermark);
    }

    /// <summary>Appends a marker. The aborted transaction is entered first: a marker without its entry would show aborted data.</summary>
    private void WriteMarker(LogSegment active, ReadOnlySpan<byte> batch, in BatchHeader placed, LogConfig config, TransactionMarker marker)
    {
        var completed = _producers.Completes(placed.ProducerId, marker, placed.LastOffset);
        if (completed is { IsAborted: true } aborted)
        {
            active.Transactions.Append(new AbortedTransaction(
                aborted.ProducerId, aborted.FirstOffset, aborted.MarkerOffset, _producers.LastStableOffsetAfter(aborted)));
        }

        try
        {
            active.Append(batch, placed, config.IndexIntervalBytes);
        }
        catch (StorageException)
        {
            active.Transactions.TruncateTo(placed.BaseOffset);
            throw;
        }

        _producers.AppendMarker(placed, marker, completed);
    }

    private AppendResult Appended(long baseOffset, long lastOffset, long appendTime, LogConfig config) => new()
    {
        BaseOffset = baseOffset,
        LastOffset = lastOffset,
        LogAppendTime = appendTime,
        LogStartOffset = _logStartOffset,
        IsFlushDue = _logEndOffset - DurableOffset >= config.FlushMessages,
    };

    /// <summary>The segment that takes a batch: the active one, or a new one when a limit of the active one is reached.</summary>
    private LogSegment MakeRoom(in BatchHeader header, LogConfig config, long baseOffset)
    {
        var active = Active;
        var isRollDue = active.Size > 0
            && (active.Size + header.Size > config.SegmentBytes
                || baseOffset + header.LastOffsetDelta - active.BaseOffset > int.MaxValue
                || active.IsIndexFull(config.SegmentIndexBytes)
                || header.MaxTimestamp - active.FirstTimestamp() > config.SegmentMs - Jitter(config));
        return isRollDue ? Roll() : active;
    }

    /// <summary>Begins a new segment at the log's end, sealing the active one. An empty active segment is one already.</summary>
    private LogSegment Roll()
    {
        var active = Active;
        if (active.Size == 0)
        {
            return active;
        }

        var next = LogSegment.Create(_context.Files, Directory, _logEndOffset, Config.ReservedBytes);
        try
        {
            active.Seal();
        }
        catch (StorageException)
        {
            next.Delete("");
            throw;
        }

        TakeSnapshot();
        NoteWritten(active);
        NoteCreated();
        Volatile.Write(ref _segments, [.. _segments, next]);
        return next;
    }

    /// <summary>Writes the producer state of everything so far. Failing costs a longer replay at the next start and nothing else.</summary>
    private void TakeSnapshot()
    {
        var path = LogFileName.Of(Directory, _logEndOffset, LogFileName.ProducerSnapshot);
        try
        {
            if (!_context.Files.FileExists(path))
            {
                ProducerSnapshot.Write(_context.Files, path, _producers.Producers);
            }
        }
        catch (StorageException e)
        {
            LogSnapshotFailed(_context.Logger, TopicPartition, e);
        }
    }

    /// <summary>A share of <c>segment.jitter.ms</c> that is the partition's own and the same at every start.</summary>
    private long Jitter(LogConfig config)
    {
        if (config.SegmentJitterMs <= 0)
        {
            return 0;
        }

        var hash = 17u;
        foreach (var c in TopicPartition.Topic)
        {
            hash = (hash * 31) + c;
        }

        // Mixed, so that the partitions of one topic do not lie a millisecond apart.
        hash = ((hash * 31) + (uint)TopicPartition.Partition) * 0x9E3779B1;
        hash = (hash ^ (hash >> 15)) * 0x85EBCA77;
        return (long)((hash ^ (hash >> 13)) % (ulong)Math.Min(config.SegmentJitterMs, config.SegmentMs));
    }
}
