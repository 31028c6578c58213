using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Producers;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Inspection;

/// <summary>
/// Walks segments and what belongs to them, ours or Kafka's, without changing anything: every batch is checked and decoded, every index
/// entry compared with the batch it points to, every producer snapshot's checksum computed. <c>log dump</c> and <c>log verify</c>
/// print what it finds.
/// </summary>
public sealed class LogInspector(IFileSystem files)
{
    /// <summary>Looks at everything below a path.</summary>
    /// <param name="path">
    /// A file (<c>.log</c>, <c>.index</c>, <c>.timeindex</c>, <c>.snapshot</c>), a partition's directory, or a data directory.
    /// </param>
    /// <param name="withRecords">Whether batches carry their records. They are decoded in any case.</param>
    /// <returns>Batches in order, and a fault for each file that has one. Lazily: nothing is read ahead.</returns>
    /// <exception cref="StorageException">There is no such file or directory, or the disk refused.</exception>
    public IEnumerable<LogInspection> Inspect(string path, bool withRecords)
    {
        if (files.FileExists(path))
        {
            return InspectFile(path, withRecords);
        }

        return files.DirectoryExists(path)
            ? InspectDirectory(path, withRecords)
            : throw new StorageException($"there is no file or directory {path}");
    }

    /// <summary>The first fault below a path, null when all is sound.</summary>
    /// <inheritdoc cref="Inspect" path="/param[@name='path']"/>
    /// <exception cref="StorageException">There is no such file or directory, or the disk refused.</exception>
    public InspectedFault? FindFault(string path)
    {
        foreach (var found in Inspect(path, withRecords: false))
        {
            if (found is InspectedFault fault)
            {
                return fault;
            }
        }

        return null;
    }

    private IEnumerable<LogInspection> InspectDirectory(string directory, bool withRecords)
    {
        var names = new List<string>(files.ListFiles(directory));
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (IsInspected(name))
            {
                foreach (var found in InspectFile(Path.Combine(directory, name), withRecords))
                {
                    yield return found;
                }
            }
        }

        var directories = new List<string>(files.ListDirectories(directory));
        directories.Sort(StringComparer.Ordinal);
        foreach (var name in directories)
        {
            foreach (var found in InspectDirectory(Path.Combine(directory, name), withRecords))
            {
                yield return found;
            }
        }
    }

    private static bool IsInspected(string name) =>
        (LogFileName.OffsetOf(name, LogFileName.Log)
            ?? LogFileName.OffsetOf(name, LogFileName.OffsetIndex)
            ?? LogFileName.OffsetOf(name, LogFileName.TimeIndex)
            ?? LogFileName.OffsetOf(name, LogFileName.ProducerSnapshot)) is not null;

    private IEnumerable<LogInspection> InspectFile(string path, bool withRecords) => Path.GetExtension(path) switch
    {
        LogFileName.Log => InspectLog(path, withRecords),
        LogFileName.OffsetIndex => IndexInspection.OfOffsets(files, path),
        LogFileName.TimeIndex => IndexInspection.OfTimes(files, path),
        LogFileName.ProducerSnapshot => ProducerSnapshot.TryRead(files, path, out _)
            ? []
            : [new InspectedFault(path, 0, "the producer snapshot's checksum or length does not fit")],
        _ => throw new StorageException($"{path} is none of .log, .index, .timeindex and .snapshot"),
    };

    private IEnumerable<LogInspection> InspectLog(string path, bool withRecords)
    {
        using var file = files.OpenRead(path);
        var baseOffset = LogFileName.OffsetOf(Path.GetFileName(path), LogFileName.Log) ?? 0;
        using var scanner = new BatchScanner(file, 0, file.Length, baseOffset);
        while (scanner.TryRead())
        {
            var found = Decode(path, scanner, withRecords);
            yield return found;
            if (found is InspectedFault)
            {
                yield break;
            }
        }

        if (scanner.Fault is not null)
        {
            yield return new InspectedFault(path, scanner.Position, scanner.Fault);
        }
    }

    private static LogInspection Decode(string path, BatchScanner scanner, bool withRecords)
    {
        _ = RecordBatchView.TryRead(scanner.Batch, out var batch);
        var position = scanner.Header.Position;
        try
        {
            return new InspectedBatch(
                path,
                position,
                batch.SizeInBytes,
                batch.BaseOffset,
                batch.LastOffset,
                batch.RecordCount,
                batch.PartitionLeaderEpoch,
                batch.ProducerId,
                batch.ProducerEpoch,
                batch.BaseSequence,
                batch.Compression,
                batch.TimestampType,
                batch.MaxTimestamp,
                batch.IsTransactional,
                batch.IsControl,
                batch.HasDeleteHorizon ? batch.BaseTimestamp : null,
                batch.Crc,
                ReadRecords(batch, withRecords));
        }
        catch (CorruptRecordException e)
        {
            return new InspectedFault(path, position, $"the batch at offset {batch.BaseOffset} cannot be decoded: {e.Message}");
        }
    }

    private static List<InspectedRecord> ReadRecords(in RecordBatchView batch, bool withRecords)
    {
        var found = new List<InspectedRecord>(withRecords ? batch.RecordCount : 0);
        using var plain = new PooledBufferWriter();
        if (batch.RecordCount > 0)
        {
            Compressor.Decompress(batch.Compression, batch.RecordBytes, plain, DecompressionLimit.Of(batch.SizeInBytes));
        }

        var cursor = new RecordCursor(batch);
        while (cursor.TryRead(plain.WrittenSpan, out var record))
        {
            if (withRecords)
            {
                found.Add(new InspectedRecord(
                    record.Offset,
                    record.Timestamp,
                    record.HasKey ? record.Key.ToArray() : null,
                    record.HasValue ? record.Value.ToArray() : null,
                    record.ReadHeaders()));
            }
        }

        return found;
    }
}
