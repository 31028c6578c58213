using System.Runtime.CompilerServices;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// Sorts numbers, and an item with each, byte by byte from the lowest one: a few passes over memory in order, without comparisons whose
/// outcome the processor cannot guess. A byte that all numbers have in common costs no pass. Equal numbers stay in their order.
/// </summary>
internal static class RadixSort
{
    private const int Buckets = 256;

    /// <summary>Sorts both by the numbers.</summary>
    /// <param name="numbers">What to sort by.</param>
    /// <param name="items">As many items, which move with their numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sort(Span<ulong> numbers, Span<int> items)
    {
        var counts = new int[sizeof(ulong) * Buckets];
        foreach (var number in numbers)
        {
            for (var place = 0; place < sizeof(ulong); place++)
            {
                counts[(place * Buckets) + (byte)(number >> (8 * place))]++;
            }
        }

        var spare = GC.AllocateUninitializedArray<ulong>(numbers.Length);
        var spareItems = GC.AllocateUninitializedArray<int>(numbers.Length);
        var isInSpare = false;
        for (var place = 0; place < sizeof(ulong); place++)
        {
            var sizes = counts.AsSpan(place * Buckets, Buckets);
            if (sizes.Contains(numbers.Length))
            {
                continue;
            }

            if (isInSpare)
            {
                Distribute(spare, spareItems, numbers, items, 8 * place, sizes);
            }
            else
            {
                Distribute(numbers, items, spare, spareItems, 8 * place, sizes);
            }

            isInSpare = !isInSpare;
        }

        if (isInSpare)
        {
            spare.CopyTo(numbers);
            spareItems.CopyTo(items);
        }
    }

    /// <summary>Moves everything to its bucket; the sizes of the buckets become where they end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Distribute(
        ReadOnlySpan<ulong> numbers, ReadOnlySpan<int> items, Span<ulong> toNumbers, Span<int> toItems, int shift, Span<int> sizes)
    {
        var start = 0;
        foreach (ref var size in sizes)
        {
            (size, start) = (start, start + size);
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            var to = sizes[(byte)(numbers[i] >> shift)]++;
            (toNumbers[to], toItems[to]) = (numbers[i], items[i]);
        }
    }
}
