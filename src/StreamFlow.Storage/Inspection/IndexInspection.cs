using System.Buffers.Binary;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Inspection;

/// <summary>Compares the entries of a segment's indexes with its log.</summary>
internal static class IndexInspection
{
    /// <summary>Every entry of an offset index has to point to a batch with that very last offset.</summary>
    public static IEnumerable<LogInspection> OfOffsets(IFileSystem files, string path)
    {
        var bytes = files.ReadAllBytes(path);
        var baseOffset = LogFileName.OffsetOf(Path.GetFileName(path), LogFileName.OffsetIndex) ?? 0;
        using var log = files.OpenRead(Path.ChangeExtension(path, LogFileName.Log));
        var header = new byte[RecordBatch.HeaderSize];
        for (var at = 0; at + OffsetIndex.EntrySize <= bytes.Length; at += OffsetIndex.EntrySize)
        {
            var offset = baseOffset + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            var position = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            if (offset == baseOffset && position == 0)
            {
                yield break; // Kafka allocates an active segment's index in advance; zeros follow its entries.
            }

            if (log.Read(header, position) < header.Length || BatchHeader.TryRead(header, position, out var batch) is not null)
            {
                yield return new InspectedFault(path, at, $"the entry points to byte {position}, where no batch begins");
                yield break;
            }

            if (batch.LastOffset != offset)
            {
                yield return new InspectedFault(
                    path,
                    at,
                    $"the entry says that the batch at byte {position} ends at offset {offset}, it ends at {batch.LastOffset}");
                yield break;
            }
        }
    }

    /// <summary>Timestamps of a time index grow, and each is that of the batch whose last offset the entry names.</summary>
    public static IEnumerable<LogInspection> OfTimes(IFileSystem files, string path)
    {
        var bytes = files.ReadAllBytes(path);
        var baseOffset = LogFileName.OffsetOf(Path.GetFileName(path), LogFileName.TimeIndex) ?? 0;
        using var log = files.OpenRead(Path.ChangeExtension(path, LogFileName.Log));
        using var scanner = new BatchScanner(log, 0, log.Length, baseOffset);
        var previous = long.MinValue;
        for (var at = 0; at + TimeIndex.EntrySize <= bytes.Length; at += TimeIndex.EntrySize)
        {
            var timestamp = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));
            var offset = baseOffset + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 8));
            if (timestamp == 0 && offset == baseOffset && at > 0)
            {
                yield break;
            }

            while ((scanner.Header.Size == 0 || scanner.Header.LastOffset < offset) && scanner.TryRead())
            {
            }

            if (scanner.Fault is not null || log.Length == 0)
            {
                yield break; // The log's own inspection reports that.
            }

            if (timestamp <= previous || scanner.Header.LastOffset != offset || scanner.Header.MaxTimestamp != timestamp)
            {
                yield return new InspectedFault(path, at, $"the entry (timestamp {timestamp}, offset {offset}) fits no batch");
                yield break;
            }

            previous = timestamp;
        }
    }
}
