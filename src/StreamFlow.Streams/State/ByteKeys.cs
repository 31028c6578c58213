using System.Buffers.Binary;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>Bounds of ranges over unsigned bytes.</summary>
internal static class ByteKeys
{
    /// <summary>The smallest key behind this one: an exclusive end that includes the key.</summary>
    public static byte[] After(byte[] key) => [.. key, 0];

    /// <summary>The smallest key behind all keys with this prefix; empty (no end) when there is none.</summary>
    public static byte[] AfterPrefix(ReadOnlySpan<byte> prefix)
    {
        var end = prefix.TrimEnd((byte)0xFF).ToArray();
        if (end.Length > 0)
        {
            end[^1]++;
        }

        return end;
    }

    /// <summary>Appends a time as 8 bytes, big-endian; times are not negative, so their order is that of the bytes.</summary>
    public static void WriteTime(PooledBufferWriter output, long time)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), time);
        output.Advance(sizeof(long));
    }
}
