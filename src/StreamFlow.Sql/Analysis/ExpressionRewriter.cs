using StreamFlow.Sql.Ast;

namespace StreamFlow.Sql.Analysis;

/// <summary>Replaces parts of expressions, from the top down.</summary>
internal static class ExpressionRewriter
{
    /// <summary>
    /// The expression with every part for which <paramref name="replace"/> gives something replaced by it; parts of replaced
    /// parts are not visited.
    /// </summary>
    public static Expression Rewrite(Expression expression, Func<Expression, Expression?> replace)
    {
        Expression R(Expression e) => Rewrite(e, replace);
        AstList<Expression> L(AstList<Expression> list) => list.Select(R).ToAstList();

        return replace(expression) ?? expression switch
        {
            UnaryExpression e => e with { Operand = R(e.Operand) },
            ArithmeticExpression e => e with { Left = R(e.Left), Right = R(e.Right) },
            ComparisonExpression e => e with { Left = R(e.Left), Right = R(e.Right) },
            LogicalExpression e => e with { Left = R(e.Left), Right = R(e.Right) },
            BetweenExpression e => e with { Value = R(e.Value), Lower = R(e.Lower), Upper = R(e.Upper) },
            InExpression e => e with { Value = R(e.Value), List = L(e.List) },
            LikeExpression e => e with { Value = R(e.Value), Pattern = R(e.Pattern) },
            IsNullExpression e => e with { Value = R(e.Value) },
            NotExpression e => e with { Operand = R(e.Operand) },
            CastExpression e => e with { Value = R(e.Value) },
            ArrayExpression e => e with { Items = L(e.Items) },
            MapExpression e => e with { Entries = e.Entries.Select(x => x with { Key = R(x.Key), Value = R(x.Value) }).ToAstList() },
            StructExpression e => e with { Fields = e.Fields.Select(x => x with { Value = R(x.Value) }).ToAstList() },
            SubscriptExpression e => e with { Base = R(e.Base), Index = R(e.Index) },
            DereferenceExpression e => e with { Base = R(e.Base) },
            CallExpression e => e with { Arguments = L(e.Arguments), Filter = e.Filter is null ? null : R(e.Filter) },
            LambdaExpression e => e with { Body = R(e.Body) },
            AtTimeZoneExpression e => e with { Value = R(e.Value) },
            CaseExpression e => e with
            {
                Operand = e.Operand is null ? null : R(e.Operand),
                Whens = e.Whens.Select(w => w with { Condition = R(w.Condition), Result = R(w.Result) }).ToAstList(),
                Otherwise = e.Otherwise is null ? null : R(e.Otherwise),
            },
            _ => expression,
        };
    }

    /// <summary>Calls an action for the expression and all its parts.</summary>
    public static void Visit(Expression expression, Action<Expression> action) => Rewrite(expression, e =>
    {
        action(e);
        return null;
    });

    /// <summary>Whether the expression or a part of it satisfies a condition.</summary>
    public static bool Any(Expression expression, Func<Expression, bool> condition)
    {
        var found = false;
        Visit(expression, e => found |= condition(e));
        return found;
    }
}
