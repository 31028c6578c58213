using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.CodeGeneration.Runtime.Reading;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Execution;

/// <summary>A pull query, ready to run.</summary>
/// <param name="Source">What it reads.</param>
/// <param name="Code">The generated class.</param>
/// <param name="Bounds">The window starts its WHERE can be true for.</param>
/// <param name="Limit">Rows it ends after, or null.</param>
/// <param name="Columns">The columns of its result.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record PullPlan(
    DataSource Source, GeneratedQuery Code, WindowBounds Bounds, long? Limit, IReadOnlyList<SqlResultColumn> Columns, SourceSpan Span);

/// <summary>The least and greatest start, in ms and both inclusive, of windows that a condition lets through.</summary>
internal readonly record struct WindowBounds(long From, long To)
{
    public static WindowBounds Of(BoundExpression? condition)
    {
        var bounds = new WindowBounds(0, long.MaxValue);
        foreach (var part in condition is null ? [] : KeyLookup.Conjuncts(condition))
        {
            bounds = part switch
            {
                BoundComparison { Left: BoundColumn { Name: SystemColumns.WindowStart }, Right: BoundLiteral { Value: long at } } c =>
                    bounds.With(c.Operator, at),
                BoundComparison { Right: BoundColumn { Name: SystemColumns.WindowStart }, Left: BoundLiteral { Value: long at } } c =>
                    bounds.With(Mirrored(c.Operator), at),
                _ => bounds,
            };
        }

        return bounds;
    }

    private WindowBounds With(ComparisonOperator op, long at) => op switch
    {
        ComparisonOperator.Equal => new(Math.Max(From, at), Math.Min(To, at)),
        ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual => this with { From = Math.Max(From, at) },
        ComparisonOperator.Less or ComparisonOperator.LessOrEqual => this with { To = Math.Min(To, at) },
        _ => this,
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

/// <summary>Collects the result's rows of one task's part of a table.</summary>
internal sealed class PullSink(PullQuery pull, long? limit) : IStoredRowSink
{
    public List<object?[]> Rows { get; } = [];

    public bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long windowStart, long windowEnd, long timestamp)
    {
        if (Rows.Count >= limit)
        {
            return false;
        }

        if (pull.OfStored(key, value, new PullRecord(timestamp, windowStart, windowEnd, Core.Records.Headers.Empty)) is { } row)
        {
            Rows.Add(row);
        }

        return !(Rows.Count >= limit);
    }
}
