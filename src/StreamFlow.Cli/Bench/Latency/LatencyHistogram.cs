using System.Numerics;

namespace StreamFlow.Cli.Bench.Latency;

/// <summary>
/// Counts times in µs in log-linear buckets: exact below 128, then 64 buckets for each doubling, so that a quantile is at most 1.6 % off.
/// One thread writes.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int LinearBits = 7;
    private const int Half = 1 << (LinearBits - 1);

    private readonly long[] _counts = new long[(64 - LinearBits + 2) * Half];

    public long Count { get; private set; }

    /// <summary>The largest time, exact.</summary>
    public long Max { get; private set; }

    public void Add(long micros)
    {
        micros = Math.Max(micros, 0);
        _counts[IndexOf(micros)]++;
        Count++;
        Max = Math.Max(Max, micros);
    }

    /// <summary>The time that a share of all does not exceed.</summary>
    public long Quantile(double share)
    {
        var left = (long)Math.Ceiling(share * Count);
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0 && _counts[i] > 0)
            {
                return Math.Min(HighestOf(i), Max);
            }
        }

        return Max;
    }

    private static int IndexOf(long micros)
    {
        var shift = Math.Max(BitOperations.Log2((ulong)micros) - (LinearBits - 1), 0);
        return (shift * Half) + (int)(micros >> shift);
    }

    private static long HighestOf(int index)
    {
        var shift = Math.Max((index / Half) - 1, 0);
        return ((index - (shift * Half) + 1L) << shift) - 1;
    }
}
