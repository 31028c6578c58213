namespace StreamFlow.Sql.Values;

/// <summary>A MAP value in insertion order, equal to another with equal entries whatever their order.</summary>
/// <typeparam name="TKey">The CLR type of the keys.</typeparam>
/// <typeparam name="TValue">The nullable CLR type of the values.</typeparam>
public sealed class SqlMap<TKey, TValue> : IEquatable<SqlMap<TKey, TValue>>
    where TKey : notnull
{
    private readonly OrderedDictionary<TKey, TValue> _entries;

    /// <summary>Creates the map; it owns <paramref name="entries"/> from now on.</summary>
    public SqlMap(OrderedDictionary<TKey, TValue> entries) => _entries = entries;

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>The entries in insertion order.</summary>
    public OrderedDictionary<TKey, TValue>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    /// <summary>Finds the value of a key.</summary>
    public bool TryGetValue(TKey key, out TValue? value) => _entries.TryGetValue(key, out value);

    /// <inheritdoc/>
    public bool Equals(SqlMap<TKey, TValue>? other)
    {
        if (other is null || other.Count != Count)
        {
            return false;
        }

        foreach (var (key, value) in _entries)
        {
            if (!other._entries.TryGetValue(key, out var theirs) || !EqualityComparer<TValue>.Default.Equals(value, theirs))
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
        var hash = 0;
        foreach (var (key, value) in _entries)
        {
            hash ^= HashCode.Combine(key, value);
        }

        return hash;
    }
}
