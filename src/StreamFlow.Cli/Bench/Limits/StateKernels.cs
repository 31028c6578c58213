using System.Runtime.InteropServices;

namespace StreamFlow.Cli.Bench.Limits;

/// <summary>Keyed updates in memory.</summary>
internal static class StateKernels
{
    private const int Updates = 1_000_000;

    public static IEnumerable<LimitKernel> All()
    {
        foreach (var keys in new[] { 1_000, 1_000_000 })
        {
            var counts = new Dictionary<long, long>(keys);
            var order = new long[Updates];
            var random = new Random(3);
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = random.NextInt64(keys);
            }

            yield return new($"update.{keys}-keys", "ns/op", Updates, () =>
            {
                foreach (var key in order)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
                }
            });
        }
    }
}
