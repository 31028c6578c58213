using System.Numerics;
using System.Text;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>
/// COUNT_DISTINCT: a HyperLogLog estimate (Flajolet et al. 2007) over 2^14 registers with linear counting for small sets; standard
/// error 0.8%. The state is the registers, a byte each.
/// </summary>
[SqlAggregate("COUNT_DISTINCT", CompoundState = true, Description = "Estimates how many distinct values there are.")]
public static class CountDistinct
{
    private const int IndexBits = 14;
    private const int RegisterCount = 1 << IndexBits;
    private const double Alpha = 0.7213 / (1 + (1.079 / RegisterCount));

    /// <summary>Looks at a value; nulls are ignored.</summary>
    public static void Add<T>(ref byte[]? registers, T value)
    {
        if (value is null)
        {
            return;
        }

        var hash = Hash(SqlText.OfNullable(value));
        var index = (int)(hash >> (64 - IndexBits));
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << IndexBits) | (1UL << (IndexBits - 1))) + 1);
        if (registers is null || registers[index] < rank)
        {
            // The old array may be the state of an older version of the row, so a change makes a new one; changes become rare.
            registers = registers is null ? new byte[RegisterCount] : (byte[])registers.Clone();
            registers[index] = rank;
        }
    }

    /// <summary>Joins two states.</summary>
    public static void Merge(ref byte[]? registers, byte[]? other)
    {
        if (registers is null || other is null)
        {
            registers ??= other;
            return;
        }

        var merged = new byte[RegisterCount];
        for (var i = 0; i < merged.Length; i++)
        {
            merged[i] = Math.Max(registers[i], other[i]);
        }

        registers = merged;
    }

    /// <summary>The estimate.</summary>
    public static long Result(byte[]? registers)
    {
        if (registers is null)
        {
            return 0;
        }

        var zeros = 0;
        var sum = 0.0;
        foreach (var rank in registers)
        {
            zeros += rank == 0 ? 1 : 0;
            sum += 1.0 / (1UL << rank);
        }

        var estimate = Alpha * RegisterCount * RegisterCount / sum;
        var small = estimate <= 2.5 * RegisterCount && zeros > 0;
        return (long)Math.Round(small ? RegisterCount * Math.Log((double)RegisterCount / zeros) : estimate);
    }

    // FNV-1a with MurmurHash3's finaliser, whose every bit depends on every bit: HyperLogLog looks at the high ones.
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return hash ^ (hash >> 33);
    }
}
