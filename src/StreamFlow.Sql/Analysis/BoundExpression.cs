using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Functions;
using StreamFlow.Sql.Functions.Resolution;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Analysis;

/// <summary>An expression whose names and types are known. Operands already have the types their operator works on.</summary>
/// <param name="Type">The type; null for the NULL literal, lambdas and interval units.</param>
internal abstract record BoundExpression(SqlType? Type)
{
    /// <summary>The type of an expression that is known to have one.</summary>
    public SqlType KnownType => Type ?? throw new InvalidOperationException($"{GetType().Name} has no type.");
}

internal sealed record BoundNull(SqlType? As) : BoundExpression(As);

/// <summary>The value is of the type's non-nullable CLR type.</summary>
internal sealed record BoundLiteral(SqlType LiteralType, object Value) : BoundExpression(LiteralType);

/// <summary>A column of the current stage, by its name there.</summary>
internal sealed record BoundColumn(string Name, SqlType ColumnType) : BoundExpression(ColumnType);

internal sealed record BoundParameter(string Name, SqlType ParameterType) : BoundExpression(ParameterType);

internal sealed record BoundLambda(IReadOnlyList<BoundParameter> Parameters, BoundExpression Body) : BoundExpression((SqlType?)null);

internal sealed record BoundUnit(SqlTimeUnit Unit) : BoundExpression((SqlType?)null);

internal sealed record BoundCall(ScalarCall Call, IReadOnlyList<BoundExpression> Arguments) : BoundExpression(Call.ReturnType);

internal sealed record BoundCast(BoundExpression Value, SqlType Target) : BoundExpression(Target);

internal sealed record BoundNegation(BoundExpression Value) : BoundExpression(Value.Type);

/// <summary>Both operands have the type of the result, except that decimals keep their own precision and scale.</summary>
internal sealed record BoundArithmetic(ArithmeticOperator Operator, BoundExpression Left, BoundExpression Right, SqlType ResultType)
    : BoundExpression(ResultType);

/// <summary>Both operands have one type (decimals may differ in scale).</summary>
internal sealed record BoundComparison(ComparisonOperator Operator, BoundExpression Left, BoundExpression Right)
    : BoundExpression(SqlType.Boolean);

internal sealed record BoundBetween(BoundExpression Value, BoundExpression Lower, BoundExpression Upper, bool Negated)
    : BoundExpression(SqlType.Boolean);

internal sealed record BoundIn(BoundExpression Value, IReadOnlyList<BoundExpression> List, bool Negated) : BoundExpression(SqlType.Boolean);

internal sealed record BoundLike(BoundExpression Value, BoundExpression Pattern, string? Escape, bool Negated)
    : BoundExpression(SqlType.Boolean);

internal sealed record BoundIsNull(BoundExpression Value, bool Negated) : BoundExpression(SqlType.Boolean);

internal sealed record BoundNot(BoundExpression Value) : BoundExpression(SqlType.Boolean);

internal sealed record BoundLogical(bool IsAnd, BoundExpression Left, BoundExpression Right) : BoundExpression(SqlType.Boolean);

internal sealed record BoundCase(
    IReadOnlyList<(BoundExpression Condition, BoundExpression Result)> Whens, BoundExpression? Otherwise, SqlType ResultType)
    : BoundExpression(ResultType);

internal sealed record BoundArray(IReadOnlyList<BoundExpression> Items, SqlArrayType ArrayType) : BoundExpression(ArrayType);

internal sealed record BoundMap(IReadOnlyList<(BoundExpression Key, BoundExpression Value)> Entries, SqlMapType MapType)
    : BoundExpression(MapType);

/// <summary>One value for each field of the type, in order.</summary>
internal sealed record BoundStruct(IReadOnlyList<BoundExpression> Fields, SqlStructType StructType) : BoundExpression(StructType);

/// <summary>An element of an ARRAY by position, or of a MAP by key.</summary>
internal sealed record BoundSubscript(BoundExpression Base, BoundExpression Index, SqlType ElementType) : BoundExpression(ElementType);

internal sealed record BoundField(BoundExpression Base, string Field, SqlType FieldType) : BoundExpression(FieldType);
