namespace StreamFlow.Sql.Ast;

/// <summary>A type as written; names of custom types are not resolved yet.</summary>
internal abstract record TypeNode(SourceSpan Span) : Node(Span)
{
    public sealed override string ToString() => SqlPrinter.Print(this);
}

/// <summary>A built-in type without parameters, or the name of a custom type.</summary>
internal sealed record NamedTypeNode(SourceSpan Span, string Name) : TypeNode(Span);

internal sealed record DecimalTypeNode(SourceSpan Span, int Precision, int Scale) : TypeNode(Span);

internal sealed record ArrayTypeNode(SourceSpan Span, TypeNode Element) : TypeNode(Span);

internal sealed record MapTypeNode(SourceSpan Span, TypeNode Key, TypeNode Value) : TypeNode(Span);

internal sealed record StructFieldNode(SourceSpan Span, string Name, TypeNode Type) : Node(Span);

internal sealed record StructTypeNode(SourceSpan Span, AstList<StructFieldNode> Fields) : TypeNode(Span);
