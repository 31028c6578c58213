using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.CodeGeneration.Runtime;

/// <summary>SQL's operators where C#'s own differ on null. Called by generated code; type arguments are nullable CLR types.</summary>
public static class SqlOperators
{
    /// <summary><c>=</c>: false when a side is null.</summary>
    public static bool Equal<T>(T left, T right) => left is not null && right is not null && SqlEquality<T>.AreEqual(left, right);

    /// <summary><c>&lt;&gt;</c>: false when a side is null.</summary>
    public static bool NotEqual<T>(T left, T right) => left is not null && right is not null && !SqlEquality<T>.AreEqual(left, right);

    /// <summary><c>IS DISTINCT FROM</c>: null differs from everything but null.</summary>
    public static bool Distinct<T>(T left, T right) => !SqlEquality<T>.AreEqual(left, right);

    /// <summary>The order of two values as a number below, at or above 0; null when a side is null, so that every lifted comparison of it
    /// is false.</summary>
    public static int? Compare<T>(T left, T right) => left is null || right is null ? null : SqlOrder<T>.Compare(left, right);

    /// <summary><c>BETWEEN</c>: false when anything is null.</summary>
    public static bool Between<T>(T value, T lower, T upper) => Compare(value, lower) >= 0 && Compare(value, upper) <= 0;

    /// <summary><c>IN</c>: false for null; null entries never match.</summary>
    public static bool In<T>(T value, params ReadOnlySpan<T> list)
    {
        if (value is not null)
        {
            foreach (var item in list)
            {
                if (item is not null && SqlEquality<T>.AreEqual(value, item))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>An operand where null is an error.</summary>
    /// <exception cref="SqlEvaluationException">The operand is null.</exception>
    public static T Operand<T>(T? value)
        where T : struct => value ?? throw new SqlEvaluationException("An operand is null.");

    /// <summary><c>+</c> on STRING: null when a side is null.</summary>
    public static string? Concatenate(string? left, string? right) => left is null || right is null ? null : left + right;

    /// <summary><c>+</c> on DECIMAL, in the result's type.</summary>
    public static SqlDecimal? Add(SqlDecimal? left, SqlDecimal? right, int precision, int scale) =>
        left is { } l && right is { } r ? SqlDecimal.Add(l, r, precision, scale) : null;

    /// <summary><c>-</c> on DECIMAL, in the result's type.</summary>
    public static SqlDecimal? Subtract(SqlDecimal? left, SqlDecimal? right, int precision, int scale) =>
        left is { } l && right is { } r ? SqlDecimal.Subtract(l, r, precision, scale) : null;

    /// <summary><c>*</c> on DECIMAL, in the result's type.</summary>
    public static SqlDecimal? Multiply(SqlDecimal? left, SqlDecimal? right, int precision, int scale) =>
        left is { } l && right is { } r ? SqlDecimal.Multiply(l, r, precision, scale) : null;

    /// <summary><c>/</c> on DECIMAL, in the result's type.</summary>
    public static SqlDecimal? Divide(SqlDecimal? left, SqlDecimal? right, int precision, int scale) =>
        left is { } l && right is { } r ? SqlDecimal.Divide(l, r, precision, scale) : null;

    /// <summary><c>%</c> on DECIMAL, in the result's type.</summary>
    public static SqlDecimal? Modulo(SqlDecimal? left, SqlDecimal? right, int precision, int scale) =>
        left is { } l && right is { } r ? SqlDecimal.Remainder(l, r, precision, scale) : null;
}
