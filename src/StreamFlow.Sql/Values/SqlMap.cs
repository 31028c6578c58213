using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace StreamFlow.Sql.Values;

/// <summary>An immutable MAP value that keeps the order in which its keys came. Equality does not look at the order.</summary>
/// <typeparam name="TKey">The CLR type of the keys.</typeparam>
/// <typeparam name="TValue">The nullable CLR type of the values.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "MAP is the type's name in SQL.")]
public sealed class SqlMap<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>, IEquatable<SqlMap<TKey, TValue>>, ISqlMap
    where TKey : notnull
{
    private readonly OrderedDictionary<TKey, TValue> _entries;

    /// <summary>Creates the map; it owns <paramref name="entries"/> from now on.</summary>
    /// <param name="entries">Keys and values in order.</param>
    public SqlMap(OrderedDictionary<TKey, TValue> entries) => _entries = entries;

    /// <summary>Creates a map; a later entry of the same key replaces the earlier one's value in its place.</summary>
    /// <param name="entries">Keys and values in order.</param>
    public SqlMap(params IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        _entries = [];
        foreach (var (key, value) in entries)
        {
            _entries[key] = value;
        }
    }

    /// <summary>The map without entries.</summary>
    public static SqlMap<TKey, TValue> Empty { get; } = new([]);

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>The entries in insertion order.</summary>
    public OrderedDictionary<TKey, TValue>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    /// <summary>SQL's <c>map[key]</c>: the value, null when the key is null or missing.</summary>
    /// <param name="key">The key.</param>
    public TValue? At(TKey? key) => key is not null && _entries.TryGetValue(key, out var value) ? value : default;

    /// <summary>Finds the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _entries.TryGetValue(key, out value);

    /// <summary>Converts keys and values.</summary>
    /// <typeparam name="TKey2">Key type of the result.</typeparam>
    /// <typeparam name="TValue2">Value type of the result.</typeparam>
    /// <param name="key">Called once an entry.</param>
    /// <param name="value">Called once an entry.</param>
    public SqlMap<TKey2, TValue2> Map<TKey2, TValue2>(Func<TKey, TKey2> key, Func<TValue, TValue2> value)
        where TKey2 : notnull
    {
        var result = new OrderedDictionary<TKey2, TValue2>(_entries.Count);
        foreach (var entry in _entries)
        {
            result[key(entry.Key)] = value(entry.Value);
        }

        return new SqlMap<TKey2, TValue2>(result);
    }

    /// <inheritdoc/>
    public bool Equals(SqlMap<TKey, TValue>? other)
    {
        if (other is null || other.Count != Count)
        {
            return false;
        }

        foreach (var (key, value) in _entries)
        {
            if (!other._entries.TryGetValue(key, out var theirs) || !SqlEquality<TValue>.AreEqual(value, theirs))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SqlMap<TKey, TValue>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = Count;
        foreach (var (key, value) in _entries)
        {
            hash ^= HashCode.Combine(SqlEquality<TKey>.Hash(key), SqlEquality<TValue>.Hash(value));
        }

        return hash;
    }

    /// <summary>Text as CAST to STRING gives it: <c>{k=v, k2=v2}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        foreach (var (key, value) in _entries)
        {
            text.Append(text.Length == 1 ? string.Empty : ", ");
            text.Append(SqlText.OfNullable(key)).Append('=').Append(SqlText.OfNullable(value));
        }

        return text.Append('}').ToString();
    }

    SortedDictionary<string, object?> ISqlMap.ToSorted()
    {
        var sorted = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in _entries)
        {
            sorted[SqlText.OfNullable(key)] = value;
        }

        return sorted;
    }

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();
}
