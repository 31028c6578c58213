using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Planning;

/// <summary>
/// The part of the keys that the WHERE of a pull query can be true for, so that only it needs to be read. It may be wider than WHERE, which
/// is still asked for each row. Known only where stores that are in the order of bytes are in the order of the values, too.
/// </summary>
/// <param name="From">The first key; null from the beginning.</param>
/// <param name="To">The last key; null to the end.</param>
internal sealed record KeyRange(BoundExpression? From, BoundExpression? To)
{
    // From here on the order of UTF-16 units, in which SQL compares texts, is not that of UTF-8 bytes.
    private const char FirstSurrogate = '\uD800';

    /// <summary>The range of a condition over a table with one key column, or null when it has none that bytes can follow.</summary>
    public static KeyRange? Find(BoundExpression condition, string key, SqlType type)
    {
        var range = new KeyRange(null, null);
        foreach (var part in KeyLookup.Conjuncts(condition))
        {
            range = part switch
            {
                BoundComparison { Left: BoundColumn column } c when column.Name == key => range.With(c.Operator, c.Right),
                BoundComparison { Right: BoundColumn column } c when column.Name == key => range.With(Mirrored(c.Operator), c.Left),
                BoundBetween { Negated: false, Value: BoundColumn column } b when column.Name == key =>
                    range.With(ComparisonOperator.GreaterOrEqual, b.Lower).With(ComparisonOperator.LessOrEqual, b.Upper),
                _ => range,
            };
        }

        return range == new KeyRange(null, null) ? null : type.BaseType switch
        {
            SqlBaseType.String => range.OfTexts(),
            SqlBaseType.Integer => range.OfNumbers(new BoundLiteral(SqlType.Integer, int.MaxValue)),
            SqlBaseType.BigInt => range.OfNumbers(new BoundLiteral(SqlType.BigInt, long.MaxValue)),
            _ => null,
        };
    }

    private KeyRange With(ComparisonOperator op, BoundExpression bound) => op switch
    {
        _ when Value(bound) is null => this,
        ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual => this with { From = From ?? bound },
        ComparisonOperator.Less or ComparisonOperator.LessOrEqual => this with { To = To ?? bound },
        _ => this,
    };

    private KeyRange? OfTexts()
    {
        var range = new KeyRange(OrNull(From), OrNull(To));
        return range is { From: null, To: null } ? null : range;

        static BoundExpression? OrNull(BoundExpression? bound) =>
            bound is not null && Value(bound) is string text && text.All(c => c < FirstSurrogate) ? bound : null;
    }

    // Negative numbers stand behind the positive ones: only ranges that begin at 0 or above are one of bytes, too.
    private KeyRange? OfNumbers(BoundLiteral greatest) => From is not null && Value(From) is >= 0L
        ? this with { To = To ?? greatest }
        : null;

    private static object? Value(BoundExpression bound) => bound switch
    {
        BoundLiteral { Value: string text } => text,
        BoundLiteral { Value: int number } => (long)number,
        BoundLiteral { Value: long number } => number,
        BoundCast { Target.BaseType: SqlBaseType.BigInt, Value: BoundLiteral { Value: int number } } => (long)number,
        _ => null,
    };

    private static ComparisonOperator Mirrored(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Less => ComparisonOperator.Greater,
        ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
        ComparisonOperator.Greater => ComparisonOperator.Less,
        ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
        _ => op,
    };
}
