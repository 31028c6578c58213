using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace StreamFlow.Core.Records;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of record batches, computed by the CPU's own instruction where there is one. The instruction has
/// a latency of three cycles and a throughput of one, so long inputs run as three interleaved streams, whose results are then combined
/// by a table; under 6 KiB the combining costs more than it gains.
/// </summary>
public static class Crc32C
{
    /// <summary>The checksum of the bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>The register after the bytes, without the inversions at both ends.</summary>
    internal static uint Append(uint register, ReadOnlySpan<byte> bytes)
    {
        if (!Sse42.X64.IsSupported)
        {
            return AppendPortable(register, bytes);
        }

        if (bytes.Length >= 3 * Crc32CBlocks.Small.Length)
        {
            register = Crc32CBlocks.Large.Append(register, ref bytes);
            register = Crc32CBlocks.Small.Append(register, ref bytes);
        }

        ulong wide = register;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            wide = Sse42.X64.Crc32(wide, word);
        }

        return AppendBytes((uint)wide, bytes[(bytes.Length & ~7)..]);
    }

    /// <summary>What processors without the instruction run (ARM has one of its own behind the same call).</summary>
    internal static uint AppendPortable(uint register, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i + 8 <= bytes.Length; i += 8)
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]));
        }

        return AppendBytes(register, bytes[(bytes.Length & ~7)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint AppendBytes(uint register, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            register = BitOperations.Crc32C(register, b);
        }

        return register;
    }
}
