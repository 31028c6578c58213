using System.Numerics;
using System.Runtime.CompilerServices;

namespace StreamFlow.Core.Records;

/// <summary>
/// The variable-length integers of the record format: LEB128 groups of seven bits, low group first, signed ones zig-zag coded.
/// Readers return false on bytes that end too early or run longer than the type allows; nothing is thrown on the hot path.
/// </summary>
public static class Varint
{
    /// <summary>The most bytes a 32-bit varint takes.</summary>
    public const int MaxLength32 = 5;

    /// <summary>The most bytes a 64-bit varint takes.</summary>
    public const int MaxLength64 = 10;

    /// <summary>Reads a zig-zag coded 32-bit integer at <paramref name="position"/> and moves it behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadInt32(ReadOnlySpan<byte> source, ref int position, out int value)
    {
        // One byte covers lengths and deltas up to 63, which is most of what a batch holds.
        if ((uint)position < (uint)source.Length && source[position] < 0x80)
        {
            uint raw = source[position++];
            value = (int)(raw >> 1) ^ -(int)(raw & 1);
            return true;
        }

        var ok = TryReadUInt32Slow(source, ref position, out var unsigned);
        value = (int)(unsigned >> 1) ^ -(int)(unsigned & 1);
        return ok;
    }

    /// <summary>Reads a zig-zag coded 64-bit integer at <paramref name="position"/> and moves it behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadInt64(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        if ((uint)position < (uint)source.Length && source[position] < 0x80)
        {
            uint raw = source[position++];
            value = (long)(raw >> 1) ^ -(long)(raw & 1);
            return true;
        }

        var ok = TryReadUInt64Slow(source, ref position, out var unsigned);
        value = (long)(unsigned >> 1) ^ -(long)(unsigned & 1);
        return ok;
    }

    /// <summary>Reads an unsigned 32-bit integer at <paramref name="position"/> and moves it behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadUInt32(ReadOnlySpan<byte> source, ref int position, out uint value)
    {
        if ((uint)position < (uint)source.Length && source[position] < 0x80)
        {
            value = source[position++];
            return true;
        }

        return TryReadUInt32Slow(source, ref position, out value);
    }

    /// <summary>Writes a zig-zag coded integer and returns the number of bytes written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteInt32(Span<byte> destination, int value) => WriteUInt32(destination, (uint)((value << 1) ^ (value >> 31)));

    /// <summary>Writes a zig-zag coded integer and returns the number of bytes written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteInt64(Span<byte> destination, long value)
    {
        var raw = (ulong)((value << 1) ^ (value >> 63));
        var count = 0;
        while (raw >= 0x80)
        {
            destination[count++] = (byte)(raw | 0x80);
            raw >>= 7;
        }

        destination[count++] = (byte)raw;
        return count;
    }

    /// <summary>Writes an unsigned integer and returns the number of bytes written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteUInt32(Span<byte> destination, uint value)
    {
        var count = 0;
        while (value >= 0x80)
        {
            destination[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[count++] = (byte)value;
        return count;
    }

    /// <summary>Bytes that <see cref="WriteInt32"/> needs for the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SizeOfInt32(int value) => SizeOfUInt32((uint)((value << 1) ^ (value >> 31)));

    /// <summary>Bytes that <see cref="WriteInt64"/> needs for the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SizeOfInt64(long value) =>
        ((70 - BitOperations.LeadingZeroCount((ulong)((value << 1) ^ (value >> 63)) | 1)) * 37) >> 8;

    /// <summary>Bytes that <see cref="WriteUInt32"/> needs for the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SizeOfUInt32(uint value) => ((38 - BitOperations.LeadingZeroCount(value | 1)) * 37) >> 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryReadUInt32Slow(ReadOnlySpan<byte> source, ref int position, out uint value)
    {
        value = 0;
        for (var shift = 0; shift < 7 * MaxLength32; shift += 7)
        {
            if ((uint)position >= (uint)source.Length)
            {
                return false;
            }

            uint b = source[position++];
            value |= (b & 0x7f) << shift;
            if (b < 0x80)
            {
                // The fifth byte may carry the four bits that are left of 32, and no more.
                return shift < 28 || b <= 0x0f;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryReadUInt64Slow(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 7 * MaxLength64; shift += 7)
        {
            if ((uint)position >= (uint)source.Length)
            {
                return false;
            }

            ulong b = source[position++];
            value |= (b & 0x7f) << shift;
            if (b < 0x80)
            {
                return shift < 63 || b <= 1;
            }
        }

        return false;
    }
}
