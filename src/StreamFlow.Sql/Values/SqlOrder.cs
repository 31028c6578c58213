using System.Runtime.InteropServices;

namespace StreamFlow.Sql.Values;

/// <summary>
/// SQL's order of a type: numbers by value with NaN last, STRING ordinal, BYTES by signed bytes with the shorter prefix first,
/// FALSE before TRUE, temporal types by time. Nulls come first.
/// </summary>
/// <typeparam name="T">CLR type of the value.</typeparam>
public static class SqlOrder<T>
{
    /// <summary>The comparer of the type.</summary>
    public static IComparer<T> Comparer { get; } = (IComparer<T>)Create();

    /// <summary>Compares two values.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    /// <returns>Negative, 0 or positive.</returns>
    public static int Compare(T left, T right) => Comparer.Compare(left, right);

    private static object Create()
    {
        if (typeof(T) == typeof(string))
        {
            return StringComparer.Ordinal;
        }

        if (typeof(T) == typeof(byte[]))
        {
            return Comparer<byte[]?>.Create(SqlOrder.CompareBytes);
        }

        if (typeof(T) == typeof(double))
        {
            return Comparer<double>.Create(SqlOrder.CompareDoubles);
        }

        return typeof(T) == typeof(double?)
            ? Comparer<double?>.Create((x, y) => x is { } a && y is { } b ? SqlOrder.CompareDoubles(a, b) : Nullable.Compare(x, y))
            : Comparer<T>.Default;
    }
}

/// <summary>Comparisons that have rules of their own.</summary>
public static class SqlOrder
{
    /// <summary>Compares byte arrays by signed bytes, the shorter prefix first; null before all.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static int CompareBytes(byte[]? left, byte[]? right) => left is null || right is null
        ? (left is null ? 0 : 1) - (right is null ? 0 : 1)
        : MemoryMarshal.Cast<byte, sbyte>(left.AsSpan()).SequenceCompareTo(MemoryMarshal.Cast<byte, sbyte>(right.AsSpan()));

    /// <summary>Compares doubles with NaN above all numbers, as Java does (.NET puts it below).</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static int CompareDoubles(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? double.IsNaN(left).CompareTo(double.IsNaN(right)) : left.CompareTo(right);
}
