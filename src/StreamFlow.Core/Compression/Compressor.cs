using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Core.Compression;

/// <summary>Compresses and decompresses the record block of a batch.</summary>
public static class Compressor
{
    /// <summary>Appends the compressed form of <paramref name="source"/> to <paramref name="output"/>.</summary>
    /// <param name="type">The codec; <see cref="CompressionType.None"/> copies.</param>
    /// <param name="level">The codec's level, null for its default.</param>
    /// <param name="source">The bytes to compress.</param>
    /// <param name="output">Where the result goes.</param>
    /// <exception cref="MissingNativeLibraryException">The codec's library is not installed.</exception>
    public static void Compress(CompressionType type, int? level, ReadOnlySpan<byte> source, PooledBufferWriter output)
    {
        switch (type)
        {
            case CompressionType.None:
                output.Write(source);
                break;
            case CompressionType.Gzip:
                GzipCodec.Compress(level, source, output);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Compress(source, output);
                break;
            case CompressionType.Lz4:
                Lz4Codec.Compress(level, source, output);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Compress(level, source, output);
                break;
            default:
                throw new CorruptRecordException($"compression type {(int)type} is not known");
        }
    }

    /// <summary>Appends the decompressed form of <paramref name="source"/> to <paramref name="output"/>.</summary>
    /// <param name="type">The codec; <see cref="CompressionType.None"/> copies.</param>
    /// <param name="source">The compressed bytes.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="maxSize">The most bytes to produce, against blocks that expand without end.</param>
    /// <exception cref="CorruptRecordException">The bytes are not what the codec writes, or the result is larger than allowed.</exception>
    /// <exception cref="MissingNativeLibraryException">The codec's library is not installed.</exception>
    public static void Decompress(CompressionType type, ReadOnlySpan<byte> source, PooledBufferWriter output, int maxSize)
    {
        switch (type)
        {
            case CompressionType.None:
                output.Write(source);
                break;
            case CompressionType.Gzip:
                GzipCodec.Decompress(source, output, maxSize);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Decompress(source, output, maxSize);
                break;
            case CompressionType.Lz4:
                Lz4Codec.Decompress(source, output, maxSize);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Decompress(source, output, maxSize);
                break;
            default:
                throw new CorruptRecordException($"compression type {(int)type} is not known");
        }
    }
}
