using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Cleaning;

/// <summary>Reads a segment's batches for a cleaning. Damage ends the cleaning: what cannot be read may not be thrown away.</summary>
internal sealed class CleanerReader(LogSegment segment) : IDisposable
{
    private readonly BatchScanner _scanner = new(segment.Log, 0, segment.Size, segment.BaseOffset);
    private readonly PooledBufferWriter _plain = new();

    public BatchHeader Header => _scanner.Header;

    public Span<byte> Batch => _scanner.Batch;

    /// <exception cref="CorruptLogException">The next batch is damaged.</exception>
    public bool TryRead()
    {
        if (_scanner.TryRead())
        {
            return true;
        }

        return _scanner.Fault is null
            ? false
            : throw new CorruptLogException(segment.LogPath, _scanner.Position, _scanner.Fault);
    }

    /// <summary>Notes the keys of the batch.</summary>
    /// <returns>False when the map is full.</returns>
    /// <exception cref="CorruptRecordException">The batch cannot be decoded.</exception>
    public bool TryPutKeys(CleanerOffsetMap map)
    {
        _ = RecordBatchView.TryRead(Batch, out var batch);
        var records = batch.RecordBytes;
        if (batch.Compression != CompressionType.None && batch.RecordCount > 0)
        {
            _plain.Clear();
            Compressor.Decompress(batch.Compression, records, _plain, DecompressionLimit.Of(batch.SizeInBytes));
            records = _plain.WrittenSpan;
        }

        var cursor = new RecordCursor(batch);
        while (cursor.TryRead(records, out var record))
        {
            if (record.HasKey && !map.TryPut(record.Key, record.Offset))
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        _scanner.Dispose();
        _plain.Dispose();
    }
}
