using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions that give several rows (section 17.10 of the language reference).</summary>
public static class TableFunctions
{
    private const string Category = "TABLE";
    private const int MaxCubeColumns = 20;

    /// <summary>One row an element; none for a null or empty array.</summary>
    [SqlFunction("EXPLODE", Category = Category, Description = "One row for each element.")]
    public static IEnumerable<T> Explode<T>(SqlArray<T>? array) => array ?? SqlArray<T>.Empty;

    /// <summary>All combinations of value or null over the columns; a null entry is not varied, so nothing comes twice.</summary>
    [SqlFunction("CUBE_EXPLODE", Category = Category, Description = "All combinations of the columns' values and nulls.")]
    public static IEnumerable<SqlArray<T?>?> CubeExplode<T>(SqlArray<T>? columns)
    {
        if (columns is null || columns.Count == 0)
        {
            yield break;
        }

        if (columns.Count > MaxCubeColumns)
        {
            throw new SqlEvaluationException($"CUBE_EXPLODE takes at most {MaxCubeColumns} columns, not {columns.Count}.");
        }

        // Bit i (from the left) of the combination says that column i keeps its value; null columns have no bit set.
        var nullMask = 0;
        for (var i = 0; i < columns.Count; i++)
        {
            nullMask |= columns[i] is null ? 1 << (columns.Count - 1 - i) : 0;
        }

        for (var bits = 0; bits < 1 << columns.Count; bits++)
        {
            if ((bits & nullMask) == 0)
            {
                yield return Combination(columns, bits);
            }
        }
    }

    private static SqlArray<T?> Combination<T>(SqlArray<T> columns, int bits)
    {
        var row = new T?[columns.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (bits >> (row.Length - 1 - i) & 1) == 1 ? columns[i] : default;
        }

        return new SqlArray<T?>(row);
    }
}
