using System.Collections;

namespace StreamFlow.Core.Records;

/// <summary>The headers of a record, in order. Immutable, so that a record can be forwarded and shared without copying.</summary>
public sealed class Headers : IReadOnlyList<Header>
{
    private readonly Header[] _items;

    /// <summary>Takes over the array; the caller may not change it afterwards.</summary>
    public Headers(params Header[] items) => _items = items;

    /// <summary>No headers; shared.</summary>
    public static Headers Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public Header this[int index] => _items[index];

    /// <summary>The headers as a span, to walk them without an enumerator.</summary>
    public ReadOnlySpan<Header> AsSpan() => _items;

    /// <summary>These headers and one more at the end.</summary>
    public Headers With(string key, byte[]? value) => new([.. _items, new Header(key, value)]);

    /// <summary>These headers without those of the name.</summary>
    public Headers Without(string key) => new(Array.FindAll(_items, h => h.Key != key));

    /// <summary>Finds the last header of the name, which by Kafka's convention is the one that counts.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryGetLast(string key, out byte[]? value)
    {
        for (var i = _items.Length - 1; i >= 0; i--)
        {
            if (_items[i].Key == key)
            {
                value = _items[i].Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<Header> GetEnumerator() => ((IEnumerable<Header>)_items).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
