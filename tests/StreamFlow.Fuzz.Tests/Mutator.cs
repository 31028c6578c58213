using System.Buffers.Binary;

namespace StreamFlow.Fuzz.Tests;

/// <summary>Damages bytes the way broken clients and disks do: flipped bits, lengths that lie, missing, doubled and foreign parts.</summary>
internal static class Mutator
{
    private static readonly long[] Boundaries =
    [
        0, 1, -1, 2, -2, 127, 128, 255, 256, short.MaxValue, short.MinValue, ushort.MaxValue, int.MaxValue, int.MinValue, int.MaxValue - 1,
        1 << 20, 1 << 30, long.MaxValue, long.MinValue,
    ];

    /// <summary>A damaged copy; <paramref name="other"/> is where foreign parts come from.</summary>
    public static byte[] Mutate(Random random, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> other)
    {
        var result = bytes.ToArray();
        for (var times = 1 + random.Next(3); times > 0; times--)
        {
            result = Once(random, result, other);
        }

        return result;
    }

    private static byte[] Once(Random random, byte[] bytes, ReadOnlySpan<byte> other)
    {
        if (bytes.Length == 0)
        {
            return Noise(random, random.Next(64));
        }

        switch (random.Next(9))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2 or 3:
                WriteNumber(random, bytes);
                return bytes;
            case 4:
                return bytes[..random.Next(bytes.Length)];
            case 5:
                return [.. bytes, .. Noise(random, random.Next(64))];
            case 6:
                return Without(random, bytes);
            case 7:
                return With(random, bytes, PartOf(random, bytes));
            default:
                return With(random, bytes, PartOf(random, other));
        }
    }

    /// <summary>Overwrites one, two, four or eight bytes, or a varint, with a number at which programs stumble.</summary>
    private static void WriteNumber(Random random, byte[] bytes)
    {
        var number = Boundaries[random.Next(Boundaries.Length)];
        var target = bytes.AsSpan(random.Next(bytes.Length));
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(value, number);
        switch (random.Next(5))
        {
            case 0:
                target[0] = value[7];
                break;
            case 1 when target.Length >= 2:
                value[6..].CopyTo(target);
                break;
            case 2 when target.Length >= 4:
                value[4..].CopyTo(target);
                break;
            case 3 when target.Length >= 8:
                value.CopyTo(target);
                break;
            default:
                // A varint that goes on and on.
                target[..Math.Min(target.Length, 1 + random.Next(10))].Fill(0xFF);
                break;
        }
    }

    private static byte[] Without(Random random, byte[] bytes)
    {
        var from = random.Next(bytes.Length);
        var to = random.Next(from, bytes.Length);
        return [.. bytes[..from], .. bytes[to..]];
    }

    private static byte[] With(Random random, byte[] bytes, byte[] part)
    {
        var at = random.Next(bytes.Length);
        return [.. bytes[..at], .. part, .. bytes[at..]];
    }

    private static byte[] PartOf(Random random, ReadOnlySpan<byte> bytes)
    {
        var from = random.Next(bytes.Length + 1);
        return bytes.Slice(from, random.Next(bytes.Length - from + 1)).ToArray();
    }

    private static byte[] Noise(Random random, int count)
    {
        var noise = new byte[count];
        random.NextBytes(noise);
        return noise;
    }
}
