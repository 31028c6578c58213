using System.IO.Compression;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Compression;

/// <summary>RFC 1952 through the framework.</summary>
internal static class GzipCodec
{
    public static void Compress(int? level, ReadOnlySpan<byte> source, PooledBufferWriter output)
    {
        using var sink = new BufferWriterStream(output);
        using var gzip = level is { } l and >= 0
            ? new GZipStream(sink, new ZLibCompressionOptions { CompressionLevel = l }, leaveOpen: true)
            : new GZipStream(sink, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(source);
    }

    public static unsafe void Decompress(ReadOnlySpan<byte> source, PooledBufferWriter output, int maxSize)
    {
        fixed (byte* start = source)
        {
            using var bytes = new UnmanagedMemoryStream(start, source.Length);
            using var gzip = new GZipStream(bytes, CompressionMode.Decompress);
            var produced = 0;
            try
            {
                int read;
                while ((read = gzip.Read(output.GetSpan(4096))) > 0)
                {
                    output.Advance(read);
                    if ((produced += read) > maxSize)
                    {
                        throw new CorruptRecordException($"a gzip block expands to more than {maxSize} bytes");
                    }
                }
            }
            catch (InvalidDataException e)
            {
                throw new CorruptRecordException("a gzip block cannot be decompressed", e);
            }
        }
    }
}
