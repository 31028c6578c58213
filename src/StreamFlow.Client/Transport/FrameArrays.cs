using System.Buffers;
using System.Numerics;

namespace StreamFlow.Client.Transport;

/// <summary>
/// Arrays for received frames. Large ones are kept here, up to a limit of bytes: they are rented by a connection's thread and given back
/// by a consumer's, and the array pool of the runtime then drops more than it keeps. Thread safe.
/// </summary>
/// <remarks>
/// Four sizes between a power of two and the next: a fetch of one partition is a little larger than <c>max.partition.fetch.bytes</c>, which
/// is a power of two by default, and would waste half of the next one.
/// </remarks>
internal static class FrameArrays
{
    private const int LargestOfPool = 32 * 1024;
    private const int LargestKept = 16 * 1024 * 1024;
    private const int SizesOfPower = 4;

    /// <summary>What the consumers of a few threads have in flight with the default of <see cref="Consuming.ConsumerOptions"/>.</summary>
    private const long MostBytes = 96L * 1024 * 1024;

    private static readonly int SmallestPower = BitOperations.Log2(LargestOfPool);
    private static readonly Lock Gate = new();
    private static readonly Stack<byte[]>[] Free =
        [.. Enumerable.Range(0, SizesOfPower * BitOperations.Log2(LargestKept / LargestOfPool)).Select(_ => new Stack<byte[]>())];

    private static long _bytes;

    public static byte[] Rent(int length)
    {
        if (length is <= LargestOfPool or > LargestKept)
        {
            return ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        }

        var (size, index) = SizeOf(length);
        lock (Gate)
        {
            // Sizes of frames vary with the number of partitions in them: one of up to four times the size is better than a new one, which
            // would push out one that is missed later.
            for (var i = index; i < Math.Min(index + (2 * SizesOfPower), Free.Length); i++)
            {
                if (Free[i].TryPop(out var array))
                {
                    _bytes -= array.Length;
                    return array;
                }
            }
        }

        return GC.AllocateUninitializedArray<byte>(size);
    }

    public static void Return(byte[] array)
    {
        if (array.Length is <= LargestOfPool or > LargestKept)
        {
            ArrayPool<byte>.Shared.Return(array);
            return;
        }

        lock (Gate)
        {
            if (_bytes + array.Length <= MostBytes)
            {
                _bytes += array.Length;
                Free[SizeOf(array.Length).Index].Push(array);
            }
        }
    }

    private static (int Size, int Index) SizeOf(int length)
    {
        var power = BitOperations.Log2((uint)(length - 1));
        var step = (1 << power) / SizesOfPower;
        var steps = ((length - (1 << power)) + step - 1) / step;
        return ((1 << power) + (steps * step), (SizesOfPower * (power - SmallestPower)) + steps - 1);
    }
}
