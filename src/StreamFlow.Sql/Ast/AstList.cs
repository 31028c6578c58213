using System.Collections;
using System.Runtime.CompilerServices;

namespace StreamFlow.Sql.Ast;

/// <summary>An immutable list that equals another of equal items, so that nodes holding lists compare by structure.</summary>
/// <typeparam name="T">The items.</typeparam>
[CollectionBuilder(typeof(AstList), nameof(AstList.Create))]
internal sealed class AstList<T>(T[] items) : IReadOnlyList<T>, IEquatable<AstList<T>>
{
    public static AstList<T> Empty { get; } = new([]);

    public int Count => items.Length;

    public T this[int index] => items[index];

    public bool Equals(AstList<T>? other) => other is not null && items.AsSpan().SequenceEqual(other.ToSpan());

    public override bool Equals(object? obj) => Equals(obj as AstList<T>);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    private ReadOnlySpan<T> ToSpan() => items;
}

/// <summary>Makes <see cref="AstList{T}"/> from collection expressions.</summary>
internal static class AstList
{
    public static AstList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    public static AstList<T> ToAstList<T>(this IEnumerable<T> items) => new([.. items]);
}
