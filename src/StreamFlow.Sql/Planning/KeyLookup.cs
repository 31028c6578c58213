using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;

namespace StreamFlow.Sql.Planning;

/// <summary>The keys that the WHERE of a pull query names, so that only they need to be read. WHERE is still asked for each row.</summary>
/// <param name="Keys">A value for each key column, without columns in it.</param>
internal sealed record KeyLookup(IReadOnlyList<IReadOnlyList<BoundExpression>> Keys)
{
    /// <summary>The keys a condition can be true for, or null when it can be for any: each disjunct must name its keys.</summary>
    public static KeyLookup? Find(BoundExpression condition, IReadOnlyList<string> keyColumns)
    {
        switch (condition)
        {
            case BoundLogical { IsAnd: false } or:
                return Find(or.Left, keyColumns) is { } left && Find(or.Right, keyColumns) is { } right
                    ? new KeyLookup([.. left.Keys, .. right.Keys])
                    : null;
            case BoundIn { Negated: false, Value: BoundColumn column } list
                when keyColumns is [var only] && column.Name == only && list.List.All(IsConstant):
                return new KeyLookup([.. list.List.Select(item => new[] { item })]);
            case BoundLogical or BoundComparison:
                return OfConjuncts([.. Conjuncts(condition)], keyColumns);
            default:
                return null;
        }
    }

    /// <summary>The parts of a condition that must all be true.</summary>
    public static IEnumerable<BoundExpression> Conjuncts(BoundExpression condition) =>
        condition is BoundLogical { IsAnd: true } and ? Conjuncts(and.Left).Concat(Conjuncts(and.Right)) : [condition];

    private static KeyLookup? OfConjuncts(List<BoundExpression> conjuncts, IReadOnlyList<string> keyColumns)
    {
        var key = new BoundExpression[keyColumns.Count];
        for (var i = 0; i < key.Length; i++)
        {
            var found = conjuncts.Select(c => Equal(c, keyColumns[i])).FirstOrDefault(v => v is not null);
            if (found is null)
            {
                // A list of keys, or a choice of several, may stand among other conditions.
                return conjuncts.Count == 1 ? null : conjuncts.Select(c => Find(c, keyColumns)).FirstOrDefault(l => l is not null);
            }

            key[i] = found;
        }

        return new KeyLookup([key]);
    }

    private static BoundExpression? Equal(BoundExpression condition, string column) => condition switch
    {
        BoundComparison { Operator: ComparisonOperator.Equal,
            Left: BoundColumn c } e when c.Name == column && IsConstant(e.Right) => e.Right,
        BoundComparison { Operator: ComparisonOperator.Equal,
            Right: BoundColumn c } e when c.Name == column && IsConstant(e.Left) => e.Left,
        _ => null,
    };

    /// <summary>Whether an expression has no columns, as far as pull queries look: literals, and what is computed from them.</summary>
    public static bool IsConstant(BoundExpression expression) => expression switch
    {
        BoundLiteral => true,
        BoundCast e => IsConstant(e.Value),
        BoundNegation e => IsConstant(e.Value),
        BoundArithmetic e => IsConstant(e.Left) && IsConstant(e.Right),
        BoundCall e => e.Arguments.Count > 0 && e.Arguments.All(IsConstant),
        BoundArray e => e.Items.All(IsConstant),
        BoundStruct e => e.Fields.All(IsConstant),
        _ => false,
    };
}
