using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions about null, and AS_VALUE (section 17.7 of the language reference).</summary>
public static class NullFunctions
{
    private const string Category = "CONDITIONAL";

    /// <summary>The first value that is not null.</summary>
    [SqlFunction("COALESCE", Category = Category, Description = "The first argument that is not null.")]
    public static T Coalesce<T>(T first, params ReadOnlySpan<T> others)
    {
        if (first is not null)
        {
            return first;
        }

        foreach (var other in others)
        {
            if (other is not null)
            {
                return other;
            }
        }

        return first;
    }

    /// <summary>The alternative when the value is null.</summary>
    [SqlFunction("IFNULL", Category = Category, Description = "The second argument when the first is null.")]
    public static T IfNull<T>(T value, T alternative) => value is null ? alternative : value;

    /// <summary>Null when both are equal, else the first.</summary>
    [SqlFunction("NULLIF", Category = Category, Description = "Null when both arguments are equal, else the first.")]
    public static T? NullIf<T>(T value, T other) => SqlEquality<T>.AreEqual(value, other) ? default : value;

    /// <summary>The value itself: copies a key column into the value.</summary>
    [SqlFunction("AS_VALUE", Category = "OTHER", Description = "Copies a key column into the value.")]
    public static T AsValue<T>(T keyColumn) => keyColumn;
}
