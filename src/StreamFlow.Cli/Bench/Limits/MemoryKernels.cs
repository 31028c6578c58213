using System.Runtime.InteropServices;
using StreamFlow.Core.Records;

namespace StreamFlow.Cli.Bench.Limits;

/// <summary>Memory, checksums and clocks.</summary>
internal static class MemoryKernels
{
    private const int Small = 100;
    private const int Large = 64 << 20;
    private const int Megabyte = 1 << 20;
    private const int Count = 1_000_000;

    private static long _sink;

    public static IEnumerable<LimitKernel> All()
    {
        var source = GC.AllocateUninitializedArray<byte>(Large);
        var target = GC.AllocateUninitializedArray<byte>(Large);
        new Random(1).NextBytes(source.AsSpan(0, 16 << 20));
        yield return new("copy.64MiB", "GB/s", Large, () => source.CopyTo(target, 0));
        yield return new("copy.100B", "ns/op", Count, () =>
        {
            for (var i = 0; i < Count; i++)
            {
                source.AsSpan((i & 0xfff) * Small, Small).CopyTo(target);
            }
        });
        yield return new("load.beyond-cache", "ns/op", Count, ChaseOver(Large));
        foreach (var size in new[] { 200, 16 << 10, Megabyte })
        {
            var rounds = 16 * Megabyte / size;
            yield return new($"crc32c.{size}B", "GB/s", (double)rounds * size, () =>
            {
                for (var i = 0; i < rounds; i++)
                {
                    _sink += Crc32C.Compute(source.AsSpan(0, size));
                }
            });
        }

        yield return new("clock.read", "ns/op", Count, () =>
        {
            for (var i = 0; i < Count; i++)
            {
                _sink += TimeProvider.System.GetTimestamp();
            }
        });
    }

    private static Action ChaseOver(int bytes)
    {
        // A random cycle through cache lines: each load depends on the one before, so nothing can be prefetched.
        var lines = bytes / 64;
        var next = new int[lines * 16];
        var order = Enumerable.Range(0, lines).ToArray();
        new Random(2).Shuffle(order);
        for (var i = 0; i < lines; i++)
        {
            next[order[i] * 16] = order[(i + 1) % lines] * 16;
        }

        return () =>
        {
            var at = 0;
            for (var i = 0; i < Count; i++)
            {
                at = next[at];
            }

            _sink += at + MemoryMarshal.GetReference(next.AsSpan());
        };
    }
}
