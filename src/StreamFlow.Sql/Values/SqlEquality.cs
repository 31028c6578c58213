namespace StreamFlow.Sql.Values;

/// <summary>Structural equality and hash of a SQL value's CLR type; differs from the default only for BYTES.</summary>
/// <typeparam name="T">CLR type of the value.</typeparam>
public static class SqlEquality<T>
{
    /// <summary>The comparer; null equals null.</summary>
    public static IEqualityComparer<T> Comparer { get; } = typeof(T) == typeof(byte[])
        ? (IEqualityComparer<T>)(object)new BytesEquality()
        : EqualityComparer<T>.Default;

    /// <summary>Null-safe equality (IS NOT DISTINCT FROM).</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool AreEqual(T left, T right) => Comparer.Equals(left, right);

    /// <summary>Hash of the value; 0 for null.</summary>
    /// <param name="value">The value.</param>
    public static int Hash(T value) => value is null ? 0 : Comparer.GetHashCode(value);
}

/// <summary>BYTES are equal when their bytes are.</summary>
internal sealed class BytesEquality : IEqualityComparer<byte[]?>
{
    public bool Equals(byte[]? x, byte[]? y) => x is null || y is null ? ReferenceEquals(x, y) : x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj)
    {
        var hash = default(HashCode);
        hash.AddBytes(obj);
        return hash.ToHashCode();
    }
}
