using StreamFlow.Core.Records;

namespace StreamFlow.Streams;

/// <summary>
/// One record on its way through a topology: a value type, passed by reference from operator to operator, so that forwarding
/// allocates nothing. Presence is kept apart from the key and the value, so that a <c>Record&lt;string, long&gt;</c> can be a
/// tombstone. For reference types and <see cref="Nullable{T}"/> absent and null are the same.
/// </summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public readonly struct Record<TKey, TValue>
{
    /// <summary>Creates a record. A null key or value is absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="timestamp">The event time in ms since 1970; not negative.</param>
    /// <param name="headers">The headers; null for none.</param>
    public Record(TKey? key, TValue? value, long timestamp, Headers? headers = null)
        : this(key is not null, key, value is not null, value, timestamp, headers ?? Headers.Empty)
    {
    }

    /// <summary>Creates a record that says itself which half is present.</summary>
    /// <param name="hasKey">Whether there is a key.</param>
    /// <param name="key">The key; ignored when absent.</param>
    /// <param name="hasValue">Whether there is a value.</param>
    /// <param name="value">The value; ignored when absent.</param>
    /// <param name="timestamp">The event time in ms since 1970; not negative.</param>
    /// <param name="headers">The headers.</param>
    public Record(bool hasKey, TKey? key, bool hasValue, TValue? value, long timestamp, Headers headers)
    {
        Key = key;
        Value = value;
        Headers = headers;
        Timestamp = timestamp;
        HasKey = hasKey;
        HasValue = hasValue;
    }

    /// <summary>The key; the type's default when absent.</summary>
    public TKey? Key { get; }

    /// <summary>The value; the type's default when absent.</summary>
    public TValue? Value { get; }

    /// <summary>The headers, never null.</summary>
    public Headers Headers { get; }

    /// <summary>The event time in ms since 1970.</summary>
    public long Timestamp { get; }

    /// <summary>Whether there is a key.</summary>
    public bool HasKey { get; }

    /// <summary>Whether there is a value; false for a tombstone.</summary>
    public bool HasValue { get; }

    /// <summary>This record under another key.</summary>
    public Record<TNewKey, TValue> WithKey<TNewKey>(TNewKey? key) => new(key is not null, key, HasValue, Value, Timestamp, Headers);

    /// <summary>This record with another value.</summary>
    public Record<TKey, TNewValue> WithValue<TNewValue>(TNewValue? value) => new(HasKey, Key, value is not null, value, Timestamp, Headers);

    /// <summary>This record as a tombstone.</summary>
    public Record<TKey, TNewValue> WithoutValue<TNewValue>() => new(HasKey, Key, false, default, Timestamp, Headers);

    /// <summary>This record at another time (ms since 1970).</summary>
    public Record<TKey, TValue> WithTimestamp(long timestamp) => new(HasKey, Key, HasValue, Value, timestamp, Headers);

    /// <summary>This record with other headers.</summary>
    public Record<TKey, TValue> WithHeaders(Headers headers) => new(HasKey, Key, HasValue, Value, Timestamp, headers);
}
