using System.Collections;
using System.Text;

namespace StreamFlow.Sql.Values;

/// <summary>
/// An immutable SQL ARRAY. <typeparamref name="T"/> is the nullable CLR type of the element (<c>int?</c>, <c>string?</c>, …).
/// </summary>
/// <typeparam name="T">Nullable element type.</typeparam>
public sealed class SqlArray<T> : IReadOnlyList<T>, IEquatable<SqlArray<T>>
{
    private readonly T[] _items;

    /// <summary>Wraps the items; the array passes into the value's ownership and must not be changed afterwards.</summary>
    /// <param name="items">The elements.</param>
    public SqlArray(params T[] items) => _items = items;

    /// <summary>Copies the items.</summary>
    /// <param name="items">The elements.</param>
    public SqlArray(IEnumerable<T> items) => _items = [.. items];

    /// <summary>The array without elements.</summary>
    public static SqlArray<T> Empty { get; } = new(Array.Empty<T>());

    /// <summary>Number of elements.</summary>
    public int Count => _items.Length;

    /// <summary>The elements.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <summary>Element at a 0-based index.</summary>
    /// <param name="index">0-based index inside the bounds.</param>
    public T this[int index] => _items[index];

    /// <summary>SQL's <c>array[i]</c>: 1-based, negative from the end; null when out of range or 0.</summary>
    /// <param name="position">SQL position.</param>
    public T? At(int position)
    {
        var index = position > 0 ? position - 1 : position + _items.Length;
        return position != 0 && (uint)index < (uint)_items.Length ? _items[index] : default;
    }

    /// <summary>Converts every element.</summary>
    /// <typeparam name="TResult">Nullable element type of the result.</typeparam>
    /// <param name="convert">Called once an element, nulls included.</param>
    public SqlArray<TResult> Map<TResult>(Func<T, TResult> convert)
    {
        var result = new TResult[_items.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = convert(_items[i]);
        }

        return new SqlArray<TResult>(result);
    }

    /// <inheritdoc/>
    public bool Equals(SqlArray<T>? other)
    {
        if (other is null || other._items.Length != _items.Length)
        {
            return ReferenceEquals(this, other);
        }

        var comparer = SqlEquality<T>.Comparer;
        for (var i = 0; i < _items.Length; i++)
        {
            if (!comparer.Equals(_items[i], other._items[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SqlArray<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in _items)
        {
            hash.Add(item, SqlEquality<T>.Comparer);
        }

        return hash.ToHashCode();
    }

    /// <summary>Text as CAST to STRING gives it: <c>[a, b]</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < _items.Length; i++)
        {
            text.Append(i == 0 ? string.Empty : ", ").Append(SqlText.OfNullable(_items[i]));
        }

        return text.Append(']').ToString();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
