using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Compression;

/// <summary>Zstandard frames through libzstd.</summary>
internal static unsafe class ZstdCodec
{
    /// <summary>Kafka's default of compression.zstd.level.</summary>
    private const int DefaultLevel = 3;

    private const int ChunkSize = 64 * 1024;

    [ThreadStatic]
    private static NativeContext? _compression;

    [ThreadStatic]
    private static NativeContext? _decompression;

    public static void Compress(int? level, ReadOnlySpan<byte> source, PooledBufferWriter output)
    {
        _compression ??= new NativeContext(ZstdNative.CreateCompressionContext(), static c => _ = ZstdNative.FreeCompressionContext(c));
        var target = output.GetSpan(checked((int)ZstdNative.CompressBound((nuint)source.Length)));
        fixed (byte* to = target)
        fixed (byte* from = source)
        {
            var written = ZstdNative.Compress(
                _compression.Context, to, (nuint)target.Length, from, (nuint)source.Length, level ?? DefaultLevel);
            if (ZstdNative.IsError(written) != 0)
            {
                throw new InvalidOperationException("libzstd refused to compress a block although the buffer is as large as it asked for");
            }

            output.Advance((int)written);
        }
    }

    public static void Decompress(ReadOnlySpan<byte> source, PooledBufferWriter output, int maxSize)
    {
        _decompression ??= new NativeContext(
            ZstdNative.CreateDecompressionContext(), static c => _ = ZstdNative.FreeDecompressionContext(c));
        var context = _decompression.Context;
        _ = ZstdNative.Reset(context);
        var produced = 0;
        fixed (byte* from = source)
        {
            var input = new ZstdBuffer { Bytes = from, Size = (nuint)source.Length };
            nuint hint;
            bool isTargetFull;
            do
            {
                var target = output.GetSpan(ChunkSize);
                fixed (byte* to = target)
                {
                    var block = new ZstdBuffer { Bytes = to, Size = (nuint)target.Length };
                    hint = ZstdNative.Decompress(context, ref block, ref input);
                    if (ZstdNative.IsError(hint) != 0)
                    {
                        throw new CorruptRecordException("a zstd block cannot be decompressed");
                    }

                    output.Advance((int)block.Position);
                    CodecLimits.Check("zstd", produced += (int)block.Position, maxSize);
                    isTargetFull = block.Position == block.Size;
                }
            }
            while (input.Position < input.Size || (isTargetFull && hint != 0));

            if (hint != 0)
            {
                throw new CorruptRecordException("a zstd block ends too early");
            }
        }
    }
}
