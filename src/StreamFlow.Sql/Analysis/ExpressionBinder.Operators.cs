using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Analysis;

internal sealed partial class ExpressionBinder
{
    private BoundExpression BindUnary(UnaryExpression e)
    {
        var value = Bind(e.Operand);
        if (value.Type is not { IsNumeric: true })
        {
            throw new SqlException(SqlErrors.TypeMismatch, e.Span, $"A sign needs a number, but this is {Describe(value)}.");
        }

        return e.Operator == UnaryOperator.Plus ? value : new BoundNegation(value);
    }

    private BoundExpression BindArithmetic(ArithmeticExpression e)
    {
        var (left, right) = (Bind(e.Left), Bind(e.Right));
        if (e.Operator == ArithmeticOperator.Concat)
        {
            return BindCall(new CallExpression(e.Span, "CONCAT", [e.Left, e.Right], false));
        }

        if (e.Operator == ArithmeticOperator.Add && left.Type == SqlType.String && right.Type == SqlType.String)
        {
            return new BoundArithmetic(e.Operator, left, right, SqlType.String);
        }

        if (left.Type is not { IsNumeric: true } || right.Type is not { IsNumeric: true })
        {
            throw new SqlException(
                SqlErrors.TypeMismatch, e.Span, $"Arithmetic needs numbers, but these are {Describe(left)} and {Describe(right)}.");
        }

        if (left.Type == SqlType.Double || right.Type == SqlType.Double)
        {
            return new BoundArithmetic(
                e.Operator, Coercion.Widen(left, SqlType.Double), Coercion.Widen(right, SqlType.Double), SqlType.Double);
        }

        if (left.Type is SqlDecimalType || right.Type is SqlDecimalType)
        {
            var (l, r) = (SqlCoercion.ToDecimal(left.Type), SqlCoercion.ToDecimal(right.Type));
            return new BoundArithmetic(e.Operator, Coercion.Widen(left, l), Coercion.Widen(right, r), DecimalResult(e.Operator, l, r));
        }

        var common = SqlCoercion.CommonType(left.Type, right.Type)!;
        return new BoundArithmetic(e.Operator, Coercion.Widen(left, common), Coercion.Widen(right, common), common);
    }

    private static SqlDecimalType DecimalResult(ArithmeticOperator op, SqlDecimalType l, SqlDecimalType r)
    {
        var (p1, s1, p2, s2) = (l.Precision, l.Scale, r.Precision, r.Scale);
        var scale = op switch
        {
            ArithmeticOperator.Multiply => s1 + s2,
            ArithmeticOperator.Divide => Math.Max(6, s1 + p2 + 1),
            _ => Math.Max(s1, s2),
        };
        var precision = op switch
        {
            ArithmeticOperator.Multiply => p1 + p2 + 1,
            ArithmeticOperator.Divide => p1 - s1 + s2 + scale,
            ArithmeticOperator.Modulo => Math.Min(p1 - s1, p2 - s2) + scale,
            _ => scale + Math.Max(p1 - s1, p2 - s2) + 1,
        };
        return SqlType.Decimal(Math.Max(precision, Math.Max(scale, 1)), scale);
    }

    private BoundExpression BindComparison(ComparisonExpression e)
    {
        var (left, right) = (Bind(e.Left), Bind(e.Right));
        var nullSafe = e.Operator is ComparisonOperator.Distinct or ComparisonOperator.NotDistinct;
        if (left.Type is null || right.Type is null)
        {
            return nullSafe && (left.Type ?? right.Type) is not null
                ? new BoundIsNull(left.Type is null ? right : left, e.Operator == ComparisonOperator.Distinct)
                : throw new SqlException(SqlErrors.TypeMismatch, e.Span, "Nothing compares with NULL.", "use IS NULL or IS NOT NULL");
        }

        (left, right) = Comparable(e, left, right);
        var needsOrder = e.Operator is not (ComparisonOperator.Equal or ComparisonOperator.NotEqual) && !nullSafe;
        if (needsOrder && (left.KnownType.IsCompound || left.Type == SqlType.Boolean))
        {
            throw new SqlException(SqlErrors.TypeMismatch, e.Span, $"{left.Type} has no order; only = and <> compare it.");
        }

        return new BoundComparison(e.Operator, left, right);
    }

    private static (BoundExpression Left, BoundExpression Right) Comparable(Expression e, BoundExpression left, BoundExpression right)
    {
        var (l, r) = (left.KnownType, right.KnownType);
        if (IsSystemTime(left) && right is BoundLiteral { Value: string } rightText)
        {
            return (left, Coercion.ParseInstant(rightText, e.Span));
        }

        if (IsSystemTime(right) && left is BoundLiteral { Value: string } leftText)
        {
            return (Coercion.ParseInstant(leftText, e.Span), right);
        }

        if (l.IsTemporal && r == SqlType.String)
        {
            return (left, Coercion.Temporal(right, l, e.Span));
        }

        if (r.IsTemporal && l == SqlType.String)
        {
            return (Coercion.Temporal(left, r, e.Span), right);
        }

        if ((l, r) is ({ BaseType: SqlBaseType.Date }, { BaseType: SqlBaseType.Timestamp }))
        {
            return (new BoundCast(left, SqlType.Timestamp), right);
        }

        if ((l, r) is ({ BaseType: SqlBaseType.Timestamp }, { BaseType: SqlBaseType.Date }))
        {
            return (left, new BoundCast(right, SqlType.Timestamp));
        }

        return SqlCoercion.CommonType(l, r) is { } common
            ? (Coercion.Widen(left, common), Coercion.Widen(right, common))
            : throw new SqlException(SqlErrors.TypeMismatch, e.Span, $"{l} and {r} do not compare.");
    }

    // ROWTIME, WINDOWSTART and WINDOWEND are numbers that compare with ISO timestamps.
    private static bool IsSystemTime(BoundExpression expression) =>
        expression is BoundColumn { ColumnType.BaseType: SqlBaseType.BigInt } column
        && SystemColumns.IsTime(column.Name);

    private BoundExpression BindBetween(BetweenExpression e)
    {
        var (value, lower, upper) = (Bind(e.Value), Bind(e.Lower), Bind(e.Upper));
        if (value.Type is null || lower.Type is null || upper.Type is null)
        {
            throw new SqlException(SqlErrors.TypeMismatch, e.Span, "Nothing compares with NULL.");
        }

        if (value.Type.IsCompound || value.Type == SqlType.Boolean)
        {
            throw new SqlException(SqlErrors.TypeMismatch, e.Span, $"{value.Type} has no order, so BETWEEN cannot compare it.");
        }

        var (forLower, low) = Comparable(e, value, lower);
        var (forUpper, high) = Comparable(e, value, upper);
        if (forLower.Type != forUpper.Type)
        {
            var common = SqlCoercion.CommonType(forLower.KnownType, forUpper.KnownType)
                ?? throw new SqlException(SqlErrors.TypeMismatch, e.Span, $"{lower.Type} and {upper.Type} do not compare.");
            (forLower, low, high) = (Coercion.Widen(value, common), Coercion.Widen(low, common), Coercion.Widen(high, common));
        }

        return new BoundBetween(forLower, low, high, e.Negated);
    }

    private BoundExpression BindIn(InExpression e)
    {
        var value = Bind(e.Value);
        var list = e.List.Select(Bind).ToList();
        if (value.Type is null)
        {
            throw new SqlException(SqlErrors.TypeMismatch, e.Span, "Nothing compares with NULL.");
        }

        if (list.TrueForAll(i => i.Type is null))
        {
            throw new SqlException(SqlErrors.TypeMismatch, e.Span, "The list of IN has nothing but NULL.");
        }

        var type = value.Type;
        foreach (var item in list.Where(i => i.Type is not null))
        {
            type = Coercion.ListType(type, item) ?? throw new SqlException(
                SqlErrors.TypeMismatch, e.Span, $"IN cannot compare {value.Type} with {item.Type}.");
        }

        return new BoundIn(
            Coercion.Lax(value, type, e.Span), [.. list.Select(i => i.Type is null ? new BoundNull(type) : Coercion.Lax(i, type, e.Span))],
                e.Negated);
    }

    private BoundExpression BindCase(CaseExpression e)
    {
        if (e.Operand is not null)
        {
            var whens = e.Whens.Select(w => w with
            {
                Condition = new ComparisonExpression(w.Span, ComparisonOperator.Equal, e.Operand, w.Condition),
            });
            return BindCase(e with { Operand = null, Whens = whens.ToAstList() });
        }

        var bound = e.Whens.Select(w => (Condition: BindAs(w.Condition, SqlType.Boolean, "WHEN"), Result: Bind(w.Result))).ToList();
        var otherwise = e.Otherwise is null ? null : Bind(e.Otherwise);
        var types = bound.Select(w => w.Result.Type).Append(otherwise?.Type).Where(t => t is not null).Distinct().ToList();
        if (types.Count != 1)
        {
            throw new SqlException(SqlErrors.TypeMismatch, e.Span, types.Count == 0
                ? "All results of CASE are NULL."
                : $"All results of CASE need one type, but these are {string.Join(", ", types)}.");
        }

        var type = types[0]!;
        return new BoundCase(
            [.. bound.Select(w => (w.Condition, w.Result.Type is null ? new BoundNull(type) : w.Result))],
            otherwise is { Type: null } ? new BoundNull(type) : otherwise,
            type);
    }

    private BoundExpression BindCast(CastExpression e)
    {
        var (value, target) = (Bind(e.Value), catalog.Resolve(e.Type));
        if (value.Type is null)
        {
            return value is BoundNull ? new BoundNull(target) : throw Misplaced(e, $"{Describe(value)} cannot be cast.");
        }

        return value.Type == target ? value : Casts.CanCast(value.Type, target)
            ? new BoundCast(value, target)
            : throw new SqlException(SqlErrors.BadCast, e.Span, $"{value.Type} cannot be cast to {target}.");
    }
}
