namespace StreamFlow.Conformance.Streams;

/// <summary>The format's <c>list</c>: texts, compared by content.</summary>
internal sealed class TextList(IReadOnlyList<string> items) : IEquatable<TextList>
{
    public IReadOnlyList<string> Items { get; } = items;

    public bool Equals(TextList? other) => other is not null && Items.SequenceEqual(other.Items, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as TextList);

    public override int GetHashCode() => Items.Aggregate(0, HashCode.Combine);
}
