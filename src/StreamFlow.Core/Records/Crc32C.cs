using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace StreamFlow.Core.Records;

/// <summary>CRC-32C (Castagnoli), the checksum of record batches, computed by the CPU's own instruction where there is one.</summary>
public static class Crc32C
{
    /// <summary>The checksum of the bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        if (Sse42.X64.IsSupported)
        {
            ulong wide = crc;
            foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            {
                wide = Sse42.X64.Crc32(wide, word);
            }

            crc = (uint)wide;
        }
        else
        {
            for (var i = 0; i + 8 <= bytes.Length; i += 8)
            {
                crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]));
            }
        }

        foreach (var b in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
