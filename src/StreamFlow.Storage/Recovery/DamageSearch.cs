using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Recovery;

/// <summary>Looks at what surrounds damage, to tell a torn tail from damage in the middle.</summary>
internal static class DamageSearch
{
    private const int SectorSize = 512;
    private const int ChunkSize = 64 * 1024;

    /// <summary>Fewer zeros than this are the upper bytes of an honest base offset.</summary>
    private const int TellingZeros = 8;

    /// <summary>One zero at the end is an honest header count.</summary>
    private const int TellingZerosAtEnd = 2;

    /// <summary>The position of the first sound batch at or behind <paramref name="position"/>, -1 when there is none.</summary>
    public static long NextBatch(IFileHandle file, long position, long end, long minOffset)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (end - position >= RecordBatch.HeaderSize)
            {
                var read = file.Read(buffer.AsSpan(0, (int)Math.Min(ChunkSize, end - position)), position);
                var last = read - RecordBatch.HeaderSize;
                for (var i = 0; i <= last; i++)
                {
                    if (LooksLikeHeader(buffer.AsSpan(i), end - position - i, minOffset) && IsSound(file, position + i, end, minOffset))
                    {
                        return position + i;
                    }
                }

                if (last < 0)
                {
                    break;
                }

                position += last + 1;
            }

            return -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Whether a sector of the stretch, or its part of the stretch, is zero: what a disk shows where a write never arrived although later
    /// ones did. Bits that rot do not look like that.
    /// </summary>
    public static bool HasLostSector(IFileHandle file, long from, long to)
    {
        Span<byte> sector = stackalloc byte[SectorSize];
        while (from < to)
        {
            var part = sector[..(int)Math.Min(SectorSize - (from % SectorSize), to - from)];
            var telling = from + part.Length == to ? TellingZerosAtEnd : TellingZeros;
            if (file.Read(part, from) == part.Length && part.Length >= telling && !part.ContainsAnyExcept((byte)0))
            {
                return true;
            }

            from += part.Length;
        }

        return false;
    }

    /// <summary>Whether the stretch begins with a header that gives the stretch's very length: nothing of it is missing.</summary>
    public static bool EndsWithBatch(IFileHandle file, long from, long to)
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderSize];
        return to - from >= header.Length
            && file.Read(header, from) == header.Length
            && BatchHeader.TryRead(header, from, out var batch) is null
            && batch.End == to;
    }

    private static bool LooksLikeHeader(ReadOnlySpan<byte> bytes, long room, long minOffset) =>
        bytes[RecordBatch.MagicPosition] == RecordBatch.CurrentMagic
        && BinaryPrimitives.ReadInt64BigEndian(bytes) >= minOffset
        && BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatch.LengthPosition..]) is var length
        && length >= RecordBatch.HeaderSize - RecordBatch.LogOverhead
        && length <= room - RecordBatch.LogOverhead;

    private static bool IsSound(IFileHandle file, long position, long end, long minOffset)
    {
        using var scanner = new BatchScanner(file, position, end, minOffset);
        return scanner.TryRead();
    }
}
