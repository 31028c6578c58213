using System.Text;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions over ARRAY (section 17.2 of the language reference).</summary>
public static class ArrayFunctions
{
    private const string Category = "ARRAY";
    private const int MaxSeriesLength = 10_000_000;

    /// <summary>Both arrays one after the other; a null side counts as empty.</summary>
    [SqlFunction("ARRAY_CONCAT", Category = Category, Description = "Joins two arrays into one.")]
    public static SqlArray<T>? ArrayConcat<T>(SqlArray<T>? left, SqlArray<T>? right) => left is null || right is null
        ? left ?? right
        : new SqlArray<T>([.. left.AsSpan(), .. right.AsSpan()]);

    /// <summary>Whether an element equals the value; a null element can be found.</summary>
    [SqlFunction("ARRAY_CONTAINS", Category = Category, Description = "Whether the array has the element.")]
    public static bool ArrayContains<T>(SqlArray<T>? array, T value)
    {
        foreach (var item in array is null ? [] : array.AsSpan())
        {
            if (SqlEquality<T>.AreEqual(item, value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>First occurrences in order.</summary>
    [SqlFunction("ARRAY_DISTINCT", Category = Category, Description = "The array without repeated elements.")]
    public static SqlArray<T> ArrayDistinct<T>(SqlArray<T> array) => Keep(array, new HashSet<T>(SqlEquality<T>.Comparer).Add);

    /// <summary>Distinct elements of the left array that the right one lacks.</summary>
    [SqlFunction("ARRAY_EXCEPT", Category = Category, Description = "Distinct elements of the first array that the second lacks.")]
    public static SqlArray<T> ArrayExcept<T>(SqlArray<T> left, SqlArray<T> right) => Keep(left, Set(right).Add);

    /// <summary>Distinct elements of the left array that the right one has.</summary>
    [SqlFunction("ARRAY_INTERSECT", Category = Category, Description = "Distinct elements that both arrays have.")]
    public static SqlArray<T> ArrayIntersect<T>(SqlArray<T> left, SqlArray<T> right) => Keep(left, Set(right).Remove);

    /// <summary>Distinct elements of both arrays.</summary>
    [SqlFunction("ARRAY_UNION", Category = Category, Description = "Distinct elements of both arrays.")]
    public static SqlArray<T> ArrayUnion<T>(SqlArray<T> left, SqlArray<T> right) =>
        ArrayDistinct(new SqlArray<T>([.. left.AsSpan(), .. right.AsSpan()]));

    /// <summary>Elements as text with commas between them.</summary>
    [SqlFunction("ARRAY_JOIN", Category = Category, Description = "Joins elements of primitive types to a text.")]
    public static string? ArrayJoin<T>(SqlArray<T>? array) => ArrayJoin(array, ",");

    /// <summary>Elements as text with a delimiter between them; null elements print <c>null</c>.</summary>
    [SqlFunction("ARRAY_JOIN", Category = Category)]
    public static string? ArrayJoin<T>(SqlArray<T>? array, string? delimiter)
    {
        if (array is null)
        {
            return null;
        }

        var text = new StringBuilder();
        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is not (null or bool or int or long or double or string or SqlDecimal or SqlDate or SqlTime or SqlTimestamp))
            {
                throw new SqlEvaluationException("ARRAY_JOIN joins elements of primitive types only.");
            }

            text.Append(i == 0 ? string.Empty : delimiter).Append(SqlText.OfNullable(array[i]));
        }

        return text.ToString();
    }

    /// <summary>Number of elements.</summary>
    [SqlFunction("ARRAY_LENGTH", Category = Category, Description = "Number of elements.")]
    public static int ArrayLength<T>(SqlArray<T> array) => array.Count;

    /// <summary>The largest element, nulls ignored; null when there is none.</summary>
    [SqlFunction("ARRAY_MAX", Category = Category, Ordered = true, Description = "The largest element.")]
    public static T? ArrayMax<T>(SqlArray<T>? array) =>
        array is null || array.Count == 0 ? default : MathFunctions.Greatest(array[0], array.AsSpan());

    /// <summary>The smallest element, nulls ignored; null when there is none.</summary>
    [SqlFunction("ARRAY_MIN", Category = Category, Ordered = true, Description = "The smallest element.")]
    public static T? ArrayMin<T>(SqlArray<T>? array) =>
        array is null || array.Count == 0 ? default : MathFunctions.Least(array[0], array.AsSpan());

    /// <summary>The array without elements equal to the victim, which may be null.</summary>
    [SqlFunction("ARRAY_REMOVE", Category = Category, Description = "The array without elements equal to the second argument.")]
    public static SqlArray<T>? ArrayRemove<T>(SqlArray<T>? array, T victim) =>
        array is null ? null : Keep(array, item => !SqlEquality<T>.AreEqual(item, victim));

    /// <summary>Sorted ascending, nulls last.</summary>
    [SqlFunction("ARRAY_SORT", Category = Category, Ordered = true, Description = "The sorted array, nulls last.")]
    public static SqlArray<T>? ArraySort<T>(SqlArray<T> array) => ArraySort(array, "ASC");

    /// <summary>Sorted in a direction (ASC, ASCENDING, DESC, DESCENDING), nulls last; another direction gives null.</summary>
    [SqlFunction("ARRAY_SORT", Category = Category, Ordered = true)]
    public static SqlArray<T>? ArraySort<T>(SqlArray<T> array, string direction)
    {
        var sign = direction.ToUpperInvariant() switch
        {
            "ASC" or "ASCENDING" => 1,
            "DESC" or "DESCENDING" => -1,
            _ => 0,
        };
        if (sign == 0)
        {
            return null;
        }

        // OrderBy is stable, which Array.Sort is not.
        var comparer = Comparer<T>.Create((x, y) => x is null || y is null
            ? (x is null ? 1 : 0) - (y is null ? 1 : 0)
            : sign * SqlOrder<T>.Compare(x, y));
        return new SqlArray<T>([.. array.OrderBy(x => x, comparer)]);
    }

    /// <summary>Whole numbers from start to end, both included, by steps of one toward the end.</summary>
    [SqlFunction("GENERATE_SERIES", Category = Category, Description = "The numbers from start to end, both included.")]
    public static SqlArray<int?> GenerateSeries(int start, int end) => GenerateSeries(start, end, start <= end ? 1 : -1);

    /// <summary>Whole numbers from start to end, both included, by a step.</summary>
    [SqlFunction("GENERATE_SERIES", Category = Category)]
    public static SqlArray<int?> GenerateSeries(int start, int end, int step) => GenerateSeries((long)start, end, step).Map(n => (int?)n);

    /// <summary>Whole numbers from start to end, both included, by steps of one toward the end.</summary>
    [SqlFunction("GENERATE_SERIES", Category = Category)]
    public static SqlArray<long?> GenerateSeries(long start, long end) => GenerateSeries(start, end, start <= end ? 1 : -1);

    /// <summary>Whole numbers from start to end, both included, by a step.</summary>
    [SqlFunction("GENERATE_SERIES", Category = Category)]
    public static SqlArray<long?> GenerateSeries(long start, long end, int step)
    {
        if (step == 0 || (start < end && step < 0) || (start > end && step > 0))
        {
            throw new SqlEvaluationException($"A series from {start} to {end} cannot be walked by steps of {step}.");
        }

        var count = (((Int128)end - start) / step) + 1;
        if (count > MaxSeriesLength)
        {
            throw new SqlEvaluationException($"A series of {count} elements is longer than {MaxSeriesLength}.");
        }

        var items = new long?[(int)count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = start + ((long)i * step);
        }

        return new SqlArray<long?>(items);
    }

    /// <summary>Elements from one 1-based position to another, both included; null bounds are the ends; null when out of range.</summary>
    [SqlFunction("SLICE", Category = Category, Description = "Elements between two 1-based positions, both included.")]
    public static SqlArray<T>? Slice<T>(SqlArray<T>? array, int? from, int? to)
    {
        if (array is null)
        {
            return null;
        }

        var start = (from ?? 1) - 1;
        var end = to ?? array.Count;
        return start >= 0 && end <= array.Count && start <= end ? new SqlArray<T>(array.AsSpan()[start..end].ToArray()) : null;
    }

    private static HashSet<T> Set<T>(SqlArray<T> array) => new(array, SqlEquality<T>.Comparer);

    private static SqlArray<T> Keep<T>(SqlArray<T> array, Func<T, bool> wanted)
    {
        var kept = new List<T>(array.Count);
        foreach (var item in array.AsSpan())
        {
            if (wanted(item))
            {
                kept.Add(item);
            }
        }

        return new SqlArray<T>([.. kept]);
    }
}
