using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Ast;

/// <summary>A node of the syntax tree. Nodes are immutable and compare by structure, not by where they were written.</summary>
internal abstract record Node(SourceSpan Span);

/// <summary>An expression as written, before names and types are known.</summary>
internal abstract record Expression(SourceSpan Span) : Node(Span)
{
    public sealed override string ToString() => SqlPrinter.Print(this);
}

internal sealed record NullLiteral(SourceSpan Span) : Expression(Span);

internal sealed record BooleanLiteral(SourceSpan Span, bool Value) : Expression(Span);

internal sealed record IntegerLiteral(SourceSpan Span, int Value) : Expression(Span);

internal sealed record BigIntLiteral(SourceSpan Span, long Value) : Expression(Span);

/// <summary>A number with a point; precision and scale are those of its digits.</summary>
internal sealed record DecimalLiteral(SourceSpan Span, SqlDecimal Value) : Expression(Span);

internal sealed record DoubleLiteral(SourceSpan Span, double Value) : Expression(Span);

internal sealed record StringLiteral(SourceSpan Span, string Value) : Expression(Span);

/// <summary>A variable that was not replaced before parsing, as <c>${NAME}</c> without its braces.</summary>
internal sealed record VariableExpression(SourceSpan Span, string Name) : Expression(Span);

/// <summary>A column, or a parameter of an enclosing lambda.</summary>
internal sealed record ColumnExpression(SourceSpan Span, string? Source, string Name) : Expression(Span);

/// <summary>A unit of time as a function's argument.</summary>
internal sealed record IntervalUnitExpression(SourceSpan Span, WindowUnit Unit) : Expression(Span);

internal enum UnaryOperator
{
    Plus,
    Minus,
}

internal sealed record UnaryExpression(SourceSpan Span, UnaryOperator Operator, Expression Operand) : Expression(Span);

internal enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Concat,
}

internal sealed record ArithmeticExpression(SourceSpan Span, ArithmeticOperator Operator, Expression Left, Expression Right)
    : Expression(Span);

internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Distinct,
    NotDistinct,
}

internal sealed record ComparisonExpression(SourceSpan Span, ComparisonOperator Operator, Expression Left, Expression Right)
    : Expression(Span);

internal sealed record BetweenExpression(SourceSpan Span, Expression Value, Expression Lower, Expression Upper, bool Negated)
    : Expression(Span);

internal sealed record InExpression(SourceSpan Span, Expression Value, AstList<Expression> List, bool Negated) : Expression(Span);

internal sealed record LikeExpression(SourceSpan Span, Expression Value, Expression Pattern, string? Escape, bool Negated)
    : Expression(Span);

internal sealed record IsNullExpression(SourceSpan Span, Expression Value, bool Negated) : Expression(Span);

internal sealed record NotExpression(SourceSpan Span, Expression Operand) : Expression(Span);

internal sealed record LogicalExpression(SourceSpan Span, bool IsAnd, Expression Left, Expression Right) : Expression(Span);

internal sealed record WhenClause(SourceSpan Span, Expression Condition, Expression Result) : Node(Span);

/// <summary>Both forms of CASE; <see cref="Operand"/> is null for the searched one.</summary>
internal sealed record CaseExpression(SourceSpan Span, Expression? Operand, AstList<WhenClause> Whens, Expression? Otherwise)
    : Expression(Span);

internal sealed record CastExpression(SourceSpan Span, Expression Value, TypeNode Type) : Expression(Span);

internal sealed record ArrayExpression(SourceSpan Span, AstList<Expression> Items) : Expression(Span);

internal sealed record MapEntryNode(SourceSpan Span, Expression Key, Expression Value) : Node(Span);

internal sealed record MapExpression(SourceSpan Span, AstList<MapEntryNode> Entries) : Expression(Span);

internal sealed record StructFieldValue(SourceSpan Span, string Name, Expression Value) : Node(Span);

internal sealed record StructExpression(SourceSpan Span, AstList<StructFieldValue> Fields) : Expression(Span);

internal sealed record SubscriptExpression(SourceSpan Span, Expression Base, Expression Index) : Expression(Span);

internal sealed record DereferenceExpression(SourceSpan Span, Expression Base, string Field) : Expression(Span);

/// <summary>A call; <c>F(*)</c> has no arguments and <see cref="Star"/> set.</summary>
internal sealed record CallExpression(SourceSpan Span, string Function, AstList<Expression> Arguments, bool Star) : Expression(Span)
{
    /// <summary>The condition of <c>FILTER (WHERE ...)</c> behind an aggregate, or null.</summary>
    public Expression? Filter { get; init; }
}

internal sealed record LambdaExpression(SourceSpan Span, AstList<string> Parameters, Expression Body) : Expression(Span);

internal sealed record AtTimeZoneExpression(SourceSpan Span, Expression Value, string Zone) : Expression(Span);
