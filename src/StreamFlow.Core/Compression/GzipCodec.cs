using System.IO.Compression;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Compression;

/// <summary>RFC 1952 through the framework.</summary>
internal static class GzipCodec
{
    private const int ChunkSize = 16 * 1024;

    /// <summary>A member without content; the framework's stream writes nothing at all when nothing was written to it.</summary>
    private static ReadOnlySpan<byte> EmptyMember => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static void Compress(int? level, ReadOnlySpan<byte> source, PooledBufferWriter output)
    {
        if (source.IsEmpty)
        {
            output.Write(EmptyMember);
            return;
        }

        using var sink = new BufferWriterStream(output);
        using var gzip = level is { } l and >= 0
            ? new GZipStream(sink, new ZLibCompressionOptions { CompressionLevel = l }, leaveOpen: true)
            : new GZipStream(sink, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(source);
    }

    public static unsafe void Decompress(ReadOnlySpan<byte> source, PooledBufferWriter output, int maxSize)
    {
        if (source.IsEmpty)
        {
            throw new CorruptRecordException("a gzip block ends too early");
        }

        fixed (byte* start = source)
        {
            using var bytes = new UnmanagedMemoryStream(start, source.Length);
            using var gzip = new GZipStream(bytes, CompressionMode.Decompress);
            var produced = 0;
            try
            {
                int read;
                while ((read = gzip.Read(output.GetSpan(ChunkSize))) > 0)
                {
                    output.Advance(read);
                    CodecLimits.Check("gzip", produced += read, maxSize);
                }
            }
            catch (InvalidDataException e)
            {
                throw new CorruptRecordException("a gzip block cannot be decompressed", e);
            }
        }
    }
}
