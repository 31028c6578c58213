namespace StreamFlow.Sql.Values;

/// <summary>An ARRAY value: an immutable list, equal to another of equal elements in equal order.</summary>
/// <typeparam name="T">The nullable CLR type of the elements.</typeparam>
public sealed class SqlArray<T> : IEquatable<SqlArray<T>>
{
    private readonly T[] _items;

    /// <summary>Creates the array; it owns <paramref name="items"/> from now on.</summary>
    public SqlArray(params T[] items) => _items = items;

    /// <summary>Number of elements.</summary>
    public int Count => _items.Length;

    /// <summary>The element at a 0-based index.</summary>
    public T this[int index] => _items[index];

    /// <summary>The elements.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <inheritdoc/>
    public bool Equals(SqlArray<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SqlArray<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
