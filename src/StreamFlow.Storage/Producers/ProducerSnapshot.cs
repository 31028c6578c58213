using System.Buffers.Binary;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Producers;

/// <summary>
/// A file with the producer state of everything below the offset in its name. It saves the replay of the log at start.
/// <code>
///   0  int16   version 1
///   2  uint32  CRC-32C of everything behind it
///   6  int32   number of entries, each:
///        int64 producer id, int16 epoch, int32 last sequence, int64 last offset, int32 offset delta of the last batch,
///        int64 timestamp (ms), int32 coordinator epoch, int64 first offset of the open transaction
/// </code>
/// Absent numbers are -1. The format is Kafka's and may not change.
/// </summary>
internal static class ProducerSnapshot
{
    private const short Version = 1;
    private const int HeaderSize = 10;
    private const int CrcEnd = 6;
    private const int EntrySize = 46;

    public static void Write(IFileSystem files, string path, IReadOnlyDictionary<long, ProducerEntry> producers)
    {
        var bytes = new byte[HeaderSize + (producers.Count * EntrySize)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CrcEnd), producers.Count);
        var entry = bytes.AsSpan(HeaderSize);
        foreach (var (_, producer) in producers)
        {
            WriteEntry(entry, producer);
            entry = entry[EntrySize..];
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), Crc32C.Compute(bytes.AsSpan(CrcEnd)));
        files.WriteAtomically(path, bytes);
    }

    /// <summary>Reads a snapshot.</summary>
    /// <returns>False when the file is damaged; an older one, or the log from its start, has to do.</returns>
    public static bool TryRead(IFileSystem files, string path, out List<ProducerEntry> entries)
    {
        entries = [];
        var bytes = files.ReadAllBytes(path).AsSpan();
        if (bytes.Length < HeaderSize
            || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]) != Crc32C.Compute(bytes[CrcEnd..]))
        {
            return false;
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[CrcEnd..]);
        if (count != (bytes.Length - HeaderSize) / EntrySize)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            entries.Add(ReadEntry(bytes[(HeaderSize + (i * EntrySize))..]));
        }

        return true;
    }

    private static void WriteEntry(Span<byte> entry, ProducerEntry producer)
    {
        var last = producer.HasBatches ? producer.LastBatch : new ProducerBatch(RecordBatch.NoSequence, -1, 0, RecordBatch.NoTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(entry, producer.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(entry[8..], producer.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(entry[10..], last.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(entry[14..], last.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(entry[22..], last.OffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], producer.LastTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[34..], producer.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(entry[38..], producer.TransactionFirstOffset);
    }

    private static ProducerEntry ReadEntry(ReadOnlySpan<byte> entry)
    {
        var producer = new ProducerEntry(BinaryPrimitives.ReadInt64BigEndian(entry))
        {
            LastTimestamp = BinaryPrimitives.ReadInt64BigEndian(entry[26..]),
            CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(entry[34..]),
            TransactionFirstOffset = BinaryPrimitives.ReadInt64BigEndian(entry[38..]),
        };
        producer.RaiseEpoch(BinaryPrimitives.ReadInt16BigEndian(entry[8..]));
        var lastOffset = BinaryPrimitives.ReadInt64BigEndian(entry[14..]);
        if (lastOffset >= 0)
        {
            producer.Add(new ProducerBatch(
                BinaryPrimitives.ReadInt32BigEndian(entry[10..]),
                lastOffset,
                BinaryPrimitives.ReadInt32BigEndian(entry[22..]),
                producer.LastTimestamp));
        }

        return producer;
    }
}
