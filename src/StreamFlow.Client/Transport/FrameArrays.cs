using System.Buffers;
using System.Numerics;

namespace StreamFlow.Client.Transport;

/// <summary>
/// Arrays for received frames. Large ones are kept here, up to a limit of bytes: they are rented by a connection's thread and given back
/// by a consumer's, and the array pool of the runtime then drops more than it keeps. Thread safe.
/// </summary>
internal static class FrameArrays
{
    private const int SmallestKept = 64 * 1024;
    private const int LargestKept = 16 * 1024 * 1024;
    private const long MostBytes = 64L * 1024 * 1024;

    private static readonly Lock Gate = new();
    private static readonly Stack<byte[]>[] Free =
        [.. Enumerable.Range(0, BitOperations.Log2(LargestKept / SmallestKept) + 1).Select(_ => new Stack<byte[]>())];
    private static long _bytes;

    public static byte[] Rent(int length)
    {
        if (length is <= SmallestKept / 2 or > LargestKept)
        {
            return ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        }

        var size = Math.Max(SmallestKept, (int)BitOperations.RoundUpToPowerOf2((uint)length));
        lock (Gate)
        {
            if (Free[IndexOf(size)].TryPop(out var array))
            {
                _bytes -= size;
                return array;
            }
        }

        return GC.AllocateUninitializedArray<byte>(size);
    }

    public static void Return(byte[] array)
    {
        if (array.Length is < SmallestKept or > LargestKept || !BitOperations.IsPow2(array.Length))
        {
            ArrayPool<byte>.Shared.Return(array);
            return;
        }

        lock (Gate)
        {
            if (_bytes + array.Length <= MostBytes)
            {
                _bytes += array.Length;
                Free[IndexOf(array.Length)].Push(array);
            }
        }
    }

    private static int IndexOf(int size) => BitOperations.Log2((uint)size / SmallestKept);
}
