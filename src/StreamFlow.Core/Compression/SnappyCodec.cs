using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Compression;

/// <summary>
/// Snappy as Kafka's clients use it. Java's library frames blocks:
/// <code>
///   0  8 bytes  82 'S' 'N' 'A' 'P' 'P' 'Y' 00
///   8  int32    version 1
///  12  int32    oldest compatible version 1
///  16  chunks   int32 length, then a raw snappy block of up to 32 KiB of input
/// </code>
/// librdkafka writes one raw block without any frame. Both are read; the framed form is written.
/// </summary>
internal static class SnappyCodec
{
    private const int FrameHeaderSize = 16;
    private const int ChunkSize = 32 * 1024;

    private static ReadOnlySpan<byte> FrameHeader =>
        [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1];

    private static ReadOnlySpan<byte> Magic => FrameHeader[..8];

    public static void Compress(ReadOnlySpan<byte> source, PooledBufferWriter output)
    {
        output.Write(FrameHeader);
        while (!source.IsEmpty)
        {
            var chunk = source[..Math.Min(ChunkSize, source.Length)];
            source = source[chunk.Length..];
            var lengthAt = output.WrittenCount;
            output.Write([0, 0, 0, 0]);
            var size = SnappyBlock.Compress(chunk, output);
            BinaryPrimitives.WriteInt32BigEndian(output.WrittenSpanForPatch[lengthAt..], size);
        }
    }

    public static void Decompress(ReadOnlySpan<byte> source, PooledBufferWriter output, int maxSize)
    {
        if (!source.StartsWith(Magic))
        {
            SnappyBlock.Decompress(source, output, maxSize);
            return;
        }

        if (source.Length < FrameHeaderSize)
        {
            throw new CorruptRecordException("a snappy frame ends within its header");
        }

        var rest = source[FrameHeaderSize..];
        var produced = 0;
        while (!rest.IsEmpty)
        {
            var length = rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > rest.Length - 4)
            {
                throw new CorruptRecordException("a chunk of a snappy frame runs past the frame's end");
            }

            produced += SnappyBlock.Decompress(rest.Slice(4, length), output, maxSize - produced);
            rest = rest[(4 + length)..];
        }
    }
}
