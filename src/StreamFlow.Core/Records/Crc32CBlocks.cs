using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace StreamFlow.Core.Records;

/// <summary>
/// Three streams of CRC-32C over neighbouring blocks of one length. A CRC register is linear over GF(2): the register after a block and
/// <c>n</c> more bytes is the block's register moved over <c>n</c> zero bytes, xor the register of those bytes begun at zero. The move is
/// a 32x32 bit matrix, kept as four tables of 256.
/// </summary>
internal sealed class Crc32CBlocks
{
    private readonly uint[] _moves = new uint[4 * 256];

    private Crc32CBlocks(int length)
    {
        Length = length;
        for (var bit = 0; bit < 32; bit++)
        {
            var moved = 1u << bit;
            for (var i = 0; i < length; i += 8)
            {
                moved = BitOperations.Crc32C(moved, 0UL);
            }

            FillTable(bit, moved);
        }
    }

    public static Crc32CBlocks Small { get; } = new(2 * 1024);

    public static Crc32CBlocks Large { get; } = new(8 * 1024);

    /// <summary>Bytes of one of the three blocks.</summary>
    public int Length { get; }

    /// <summary>Takes as many triples of blocks off the front of <paramref name="bytes"/> as there are.</summary>
    public uint Append(uint register, ref ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 3 * Length)
        {
            var first = MemoryMarshal.Cast<byte, ulong>(bytes[..Length]);
            var second = MemoryMarshal.Cast<byte, ulong>(bytes.Slice(Length, Length));
            var third = MemoryMarshal.Cast<byte, ulong>(bytes.Slice(2 * Length, Length));
            ulong a = register, b = 0, c = 0;
            for (var i = 0; i < first.Length; i++)
            {
                a = Sse42.X64.Crc32(a, first[i]);
                b = Sse42.X64.Crc32(b, second[i]);
                c = Sse42.X64.Crc32(c, third[i]);
            }

            register = Move(Move((uint)a) ^ (uint)b) ^ (uint)c;
            bytes = bytes[(3 * Length)..];
        }

        return register;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Move(uint register) =>
        _moves[register & 0xff]
        ^ _moves[256 + ((register >> 8) & 0xff)]
        ^ _moves[512 + ((register >> 16) & 0xff)]
        ^ _moves[768 + (register >> 24)];

    private void FillTable(int bit, uint moved)
    {
        var table = _moves.AsSpan(256 * (bit / 8), 256);
        for (var value = 0; value < 256; value++)
        {
            if ((value & (1 << (bit % 8))) != 0)
            {
                table[value] ^= moved;
            }
        }
    }
}
