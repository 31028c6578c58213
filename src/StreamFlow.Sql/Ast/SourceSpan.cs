namespace StreamFlow.Sql.Ast;

/// <summary>Where a node stands in the text it was parsed from. Lines and columns count from 1, offsets in characters from 0.</summary>
/// <remarks>All spans are equal: where a node was written takes no part in whether two nodes are the same.</remarks>
/// <param name="Line">Line of the first character, from 1.</param>
/// <param name="Column">Column of the first character, from 1.</param>
/// <param name="Start">Offset of the first character, from 0.</param>
/// <param name="Length">Number of characters.</param>
public readonly record struct SourceSpan(int Line, int Column, int Start, int Length)
{
    /// <summary>The place of what has no text.</summary>
    public static SourceSpan None { get; }

    /// <summary>Always true.</summary>
    public bool Equals(SourceSpan other) => true;

    /// <summary>Always 0.</summary>
    public override int GetHashCode() => 0;

    /// <summary>As <c>line:column</c>.</summary>
    public override string ToString() => $"{Line}:{Column}";
}
