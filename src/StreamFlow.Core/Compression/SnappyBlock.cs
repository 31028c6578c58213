using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Core.Compression;

/// <summary>One raw snappy block: libsnappy where it is installed, else the managed IronSnappy.</summary>
internal static unsafe class SnappyBlock
{
    /// <summary>A copy element of three bytes makes 64 at most, so a block that promises more is a lie.</summary>
    private const int MaxExpansion = 64;

    /// <summary>Appends the block of the source and returns its size in bytes.</summary>
    public static int Compress(ReadOnlySpan<byte> source, PooledBufferWriter output) =>
        Compress(source, output, NativeCodecLibrary.IsSnappyInstalled);

    public static int Compress(ReadOnlySpan<byte> source, PooledBufferWriter output, bool native)
    {
        if (!native)
        {
            var block = IronSnappy.Snappy.Encode(source);
            output.Write(block);
            return block.Length;
        }

        // The bound that snappy.h gives: 32 + n + n / 6.
        var target = output.GetSpan(32 + source.Length + (source.Length / 6));
        var size = (nuint)target.Length;
        fixed (byte* to = target)
        fixed (byte* from = source)
        {
            if (SnappyNative.Compress(from, (nuint)source.Length, to, ref size) != 0)
            {
                throw new InvalidOperationException("libsnappy refused to compress a block although the buffer is large enough");
            }
        }

        output.Advance((int)size);
        return (int)size;
    }

    /// <summary>Appends what the block holds and returns its size in bytes.</summary>
    public static int Decompress(ReadOnlySpan<byte> block, PooledBufferWriter output, int maxSize) =>
        Decompress(block, output, maxSize, NativeCodecLibrary.IsSnappyInstalled);

    public static int Decompress(ReadOnlySpan<byte> block, PooledBufferWriter output, int maxSize, bool native)
    {
        var position = 0;
        if (!Varint.TryReadUInt32(block, ref position, out var length) || length > (long)block.Length * MaxExpansion)
        {
            throw Corrupt();
        }

        CodecLimits.Check("snappy", length, maxSize);
        if (!native)
        {
            output.Write(DecompressManaged(block, (int)length));
            return (int)length;
        }

        var target = output.GetSpan(Math.Max((int)length, 1));
        var size = (nuint)target.Length;
        fixed (byte* to = target)
        fixed (byte* from = block)
        {
            if (SnappyNative.Decompress(from, (nuint)block.Length, to, ref size) != 0 || size != length)
            {
                throw Corrupt();
            }
        }

        output.Advance((int)size);
        return (int)size;
    }

    private static byte[] DecompressManaged(ReadOnlySpan<byte> block, int length)
    {
        byte[] bytes;
        try
        {
            bytes = IronSnappy.Snappy.Decode(block);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // IronSnappy reports damage as whatever its array accesses run into.
            throw Corrupt(e);
        }

        return bytes.Length == length ? bytes : throw Corrupt();
    }

    private static CorruptRecordException Corrupt(Exception? cause = null) => new("a snappy block cannot be decompressed", cause);
}
