using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Compression;

/// <summary>LZ4 frames through liblz4.</summary>
internal static unsafe class Lz4Codec
{
    private const int ChunkSize = 64 * 1024;

    [ThreadStatic]
    private static NativeContext? _decompression;

    public static void Compress(int? level, ReadOnlySpan<byte> source, PooledBufferWriter output)
    {
        var preferences = Lz4Preferences.ForKafka(level ?? 0);
        var bound = Lz4Native.CompressFrameBound((nuint)source.Length, preferences);
        var target = output.GetSpan(checked((int)bound));
        fixed (byte* to = target)
        fixed (byte* from = source)
        {
            var written = Lz4Native.CompressFrame(to, (nuint)target.Length, from, (nuint)source.Length, preferences);
            if (Lz4Native.IsError(written) != 0)
            {
                throw new InvalidOperationException("liblz4 refused to compress a block although the buffer is as large as it asked for");
            }

            output.Advance((int)written);
        }
    }

    public static void Decompress(ReadOnlySpan<byte> source, PooledBufferWriter output, int maxSize)
    {
        var context = Context();
        var consumed = 0;
        var produced = 0;
        var isComplete = false;
        fixed (byte* from = source)
        {
            bool isTargetFull;
            do
            {
                var target = output.GetSpan(ChunkSize);
                var targetSize = (nuint)target.Length;
                var sourceSize = (nuint)(source.Length - consumed);
                nuint hint;
                fixed (byte* to = target)
                {
                    hint = Lz4Native.Decompress(context, to, ref targetSize, from + consumed, ref sourceSize, 0);
                }

                if (Lz4Native.IsError(hint) != 0 || (sourceSize == 0 && targetSize == 0))
                {
                    throw new CorruptRecordException("an lz4 block cannot be decompressed");
                }

                output.Advance((int)targetSize);
                consumed += (int)sourceSize;
                CodecLimits.Check("lz4", produced += (int)targetSize, maxSize);
                isComplete = hint == 0;
                isTargetFull = (int)targetSize == target.Length;
            }
            while (consumed < source.Length || (isTargetFull && !isComplete));
        }

        if (!isComplete)
        {
            throw new CorruptRecordException("an lz4 block ends too early");
        }
    }

    private static nint Context()
    {
        if (_decompression is { } existing)
        {
            Lz4Native.ResetDecompressionContext(existing.Context);
            return existing.Context;
        }

        if (Lz4Native.IsError(Lz4Native.CreateDecompressionContext(out var context, Lz4Native.FrameVersion)) != 0)
        {
            throw new InvalidOperationException("liblz4 cannot make a decompression context");
        }

        _decompression = new NativeContext(context, static c => _ = Lz4Native.FreeDecompressionContext(c));
        return context;
    }
}
