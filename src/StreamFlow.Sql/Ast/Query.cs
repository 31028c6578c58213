namespace StreamFlow.Sql.Ast;

internal enum WindowUnit
{
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
    Months,
    Years,
}

/// <summary>A length of time as written.</summary>
internal sealed record DurationNode(SourceSpan Span, long Count, WindowUnit Unit) : Node(Span)
{
    /// <summary>The length in ms. Months and years have no fixed length and count as 0, which windows reject.</summary>
    public long Milliseconds => Unit switch
    {
        WindowUnit.Milliseconds => Count,
        WindowUnit.Seconds => Count * 1000,
        WindowUnit.Minutes => Count * 60_000,
        WindowUnit.Hours => Count * 3_600_000,
        WindowUnit.Days => Count * 86_400_000,
        _ => 0,
    };
}

internal abstract record SelectItem(SourceSpan Span) : Node(Span);

/// <summary><c>*</c>, or <c>source.*</c> when <see cref="Source"/> is set.</summary>
internal sealed record SelectAll(SourceSpan Span, string? Source) : SelectItem(Span);

/// <summary><c>expression->*</c>.</summary>
internal sealed record SelectStructAll(SourceSpan Span, Expression Base) : SelectItem(Span);

internal sealed record SelectExpression(SourceSpan Span, Expression Value, string? Alias) : SelectItem(Span);

/// <summary>A stream or table in FROM or JOIN; without an alias its name serves as one.</summary>
internal sealed record Relation(SourceSpan Span, string Name, string? ExplicitAlias) : Node(Span)
{
    public string Alias => ExplicitAlias ?? Name;
}

internal enum JoinKind
{
    Inner,
    Left,
    Right,
    Full,
}

internal sealed record WithinNode(SourceSpan Span, DurationNode Before, DurationNode After, DurationNode? Grace) : Node(Span);

internal sealed record JoinNode(SourceSpan Span, JoinKind Kind, Relation Right, WithinNode? Within, Expression On) : Node(Span);

internal enum WindowKind
{
    Tumbling,
    Hopping,
    Session,
}

/// <summary><see cref="Size"/> is the gap of a session window.</summary>
internal sealed record WindowNode(
    SourceSpan Span, WindowKind Kind, DurationNode Size, DurationNode? Advance, DurationNode? Retention, DurationNode? Grace) : Node(Span);

internal enum EmitKind
{
    None,
    Changes,
    Final,
}

internal sealed record Query(
    SourceSpan Span,
    AstList<SelectItem> Select,
    Relation From,
    AstList<JoinNode> Joins,
    WindowNode? Window,
    Expression? Where,
    AstList<Expression>? GroupBy,
    AstList<Expression>? PartitionBy,
    Expression? Having,
    EmitKind Emit,
    long? Limit) : Node(Span);
