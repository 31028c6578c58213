using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Partitions;

/// <summary>Reads a whole log, record by record, for coordinators that load their state.</summary>
internal static class LogReader
{
    private const int ChunkBytes = 1 << 20;
    private const int LargestBlock = 64 << 20;

    /// <summary>Reads everything from the log's start to its end.</summary>
    /// <exception cref="StreamFlowException">The log cannot be read.</exception>
    public static void Replay(Partition partition, ILogReplay replay)
    {
        var offset = partition.LogStartOffset;
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        using var plain = new PooledBufferWriter();
        try
        {
            while (offset < partition.LogEndOffset)
            {
                var read = partition.Read(offset, ChunkBytes, ReadIsolation.LogEnd, atLeastOneBatch: true);
                if (read.Error != ErrorCode.None || read.Length == 0)
                {
                    throw new BrokerException(read.Error, $"load {partition.Id} at offset {offset}");
                }

                if (read.Length > buffer.Length)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(read.Length);
                }

                read.CopyTo(buffer);
                offset = ReplayBatches(buffer.AsSpan(0, read.Length), plain, replay, offset);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long ReplayBatches(ReadOnlySpan<byte> bytes, PooledBufferWriter plain, ILogReplay replay, long offset)
    {
        while (RecordBatchView.TryRead(bytes, out var batch))
        {
            var records = batch.RecordBytes;
            if (batch.Compression != CompressionType.None)
            {
                plain.Clear();
                Compressor.Decompress(batch.Compression, records, plain, LargestBlock);
                records = plain.WrittenSpan;
            }

            var cursor = new RecordCursor(batch);
            while (cursor.TryRead(records, out var record))
            {
                if (!batch.IsControl)
                {
                    replay.OnRecord(batch, record);
                }
                else if (record.Key.Length >= 4)
                {
                    var type = (ControlRecordType)BinaryPrimitives.ReadInt16BigEndian(record.Key[2..]);
                    replay.OnMarker(batch.ProducerId, type == ControlRecordType.Commit);
                }
            }

            offset = batch.LastOffset + 1;
            bytes = bytes[batch.SizeInBytes..];
        }

        return offset;
    }
}
