using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Functions;
using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Analysis;

/// <summary>Gives an expression its types: resolves columns, functions and casts, and inserts implicit conversions.</summary>
internal sealed partial class ExpressionBinder(IExpressionScope scope, SqlCatalog catalog, FunctionRegistry functions)
{
    private readonly Stack<BoundParameter> _parameters = new();

    public BoundExpression Bind(Expression expression) => expression switch
    {
        NullLiteral => new BoundNull(null),
        BooleanLiteral e => new BoundLiteral(SqlType.Boolean, e.Value),
        IntegerLiteral e => new BoundLiteral(SqlType.Integer, e.Value),
        BigIntLiteral e => new BoundLiteral(SqlType.BigInt, e.Value),
        DoubleLiteral e => new BoundLiteral(SqlType.Double, e.Value),
        DecimalLiteral e => new BoundLiteral(TypeOf(e.Value), e.Value),
        StringLiteral e => new BoundLiteral(SqlType.String, e.Value),
        ColumnExpression e => BindColumn(e),
        UnaryExpression e => BindUnary(e),
        ArithmeticExpression e => BindArithmetic(e),
        ComparisonExpression e => BindComparison(e),
        BetweenExpression e => BindBetween(e),
        InExpression e => BindIn(e),
        LikeExpression e => new BoundLike(
            BindAs(e.Value, SqlType.String, "LIKE"), BindAs(e.Pattern, SqlType.String, "LIKE"), CheckEscape(e), e.Negated),
        IsNullExpression e => new BoundIsNull(Bind(e.Value), e.Negated),
        NotExpression e => new BoundNot(BindAs(e.Operand, SqlType.Boolean, "NOT")),
        LogicalExpression e => new BoundLogical(
            e.IsAnd, BindAs(e.Left, SqlType.Boolean, e.IsAnd ? "AND" : "OR"), BindAs(e.Right, SqlType.Boolean, e.IsAnd ? "AND" : "OR")),
        _ => BindCompound(expression),
    };

    /// <summary>Binds a condition: WHERE, HAVING.</summary>
    /// <exception cref="SqlException">The expression is not BOOLEAN.</exception>
    public BoundExpression BindCondition(Expression expression, string clause)
    {
        var bound = Bind(expression);
        return bound.Type == SqlType.Boolean
            ? bound
            : throw new SqlException(
                SqlErrors.TypeMismatch, expression.Span, $"{clause} needs a BOOLEAN expression, but this is {Describe(bound)}.");
    }

    private BoundExpression BindCompound(Expression expression) => expression switch
    {
        CaseExpression e => BindCase(e),
        CastExpression e => BindCast(e),
        ArrayExpression e => BindArray(e),
        MapExpression e => BindMap(e),
        StructExpression e => BindStruct(e),
        SubscriptExpression e => BindSubscript(e),
        DereferenceExpression e => BindField(e),
        CallExpression e => BindCall(e),
        LambdaExpression e => throw Misplaced(e, "A lambda stands only as an argument of a function."),
        IntervalUnitExpression e => throw Misplaced(e, "A unit of time stands only as an argument of a function."),
        AtTimeZoneExpression e => throw Misplaced(e, "AT TIME ZONE is not evaluated; use CONVERT_TZ."),
        VariableExpression e => throw new SqlException(SqlErrors.UnknownVariable, e.Span, $"The variable '{e.Name}' is not defined."),
        _ => throw new InvalidOperationException($"Unknown expression {expression.GetType().Name}."),
    };

    private BoundExpression BindColumn(ColumnExpression column)
    {
        if (column.Source is null)
        {
            foreach (var parameter in _parameters)
            {
                if (parameter.Name == column.Name)
                {
                    return parameter;
                }
            }
        }

        return scope.Resolve(column);
    }

    private BoundExpression BindAs(Expression expression, SqlType type, string construct)
    {
        var bound = Bind(expression);
        return bound.Type == type
            ? bound
            : throw new SqlException(SqlErrors.TypeMismatch, expression.Span, $"{construct} needs {type}, but this is {Describe(bound)}.");
    }

    private static string? CheckEscape(LikeExpression like)
    {
        if (like.Escape is not null && like.Pattern is StringLiteral pattern && EndsInEscape(pattern.Value, like.Escape[0]))
        {
            throw new SqlException(SqlErrors.BadLiteral, like.Pattern.Span, "The pattern ends in the escape character.");
        }

        return like.Escape;
    }

    private static bool EndsInEscape(string pattern, char escape)
    {
        var i = 0;
        while (i < pattern.Length)
        {
            if (pattern[i] == escape)
            {
                if (i + 1 == pattern.Length)
                {
                    return true;
                }

                i++;
            }

            i++;
        }

        return false;
    }

    // A literal between -1 and 1 counts its leading zero: 0.5 is DECIMAL(2, 1).
    private static SqlDecimalType TypeOf(SqlDecimal value) => SqlType.Decimal(
        Math.Max(Math.Max(value.Precision, value.Scale), Math.Abs(value.ToDouble()) < 1 && value.Scale > 0 ? value.Scale + 1 : 1),
            value.Scale);

    private static string Describe(BoundExpression expression) => expression.Type?.ToString() ?? expression switch
    {
        BoundNull => "NULL",
        BoundLambda => "a lambda",
        _ => "a unit of time",
    };

    private static SqlException Misplaced(Expression expression, string message) =>
        new(SqlErrors.MisplacedExpression, expression.Span, message);
}
