using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Execution;

/// <summary>What a pull query may not have, and what a stream or table must be to answer one.</summary>
internal static class PullChecks
{
    private const string Push = "EMIT CHANGES makes it a push query";

    public static void CheckClauses(Query query, Func<string, string?> property)
    {
        if (property("ksql.pull.queries.enable") is "false")
        {
            throw Bad(query.Span, "Pull queries are switched off.", "SET 'ksql.pull.queries.enable' = 'true'");
        }

        var clause = query switch
        {
            { Joins.Count: > 0 } => ("JOIN", query.Joins[0].Span),
            { Window: { } window } => ("WINDOW", window.Span),
            { GroupBy: { } groups } => ("GROUP BY", groups[0].Span),
            { PartitionBy: { } keys } => ("PARTITION BY", keys[0].Span),
            { Having: { } having } => ("HAVING", having.Span),
            _ => default,
        };
        if (clause.Item1 is { } name)
        {
            throw Bad(clause.Span, $"A pull query (without EMIT) cannot have {name}.", Push);
        }

        if (query.Limit < 0)
        {
            throw Bad(query.Span, "LIMIT cannot be negative.", null);
        }
    }

    public static void CheckSource(DataSource source, Query query, Func<string, string?> property)
    {
        if (!source.IsTable && property("ksql.query.pull.stream.enabled") is "false")
        {
            throw Bad(query.From.Span, "Pull queries on streams are switched off.", Push);
        }

        if (source.IsTable && source.MaterializedBy is null)
        {
            throw Bad(
                query.From.Span,
                $"{source.Name} is not materialized, so that its rows cannot be read by key.",
                $"CREATE TABLE ... AS SELECT * FROM {source.Name}, or declare it as CREATE SOURCE TABLE");
        }

        var used = query.Select.OfType<SelectExpression>().Select(s => s.Value).Append(query.Where);
        foreach (var expression in used.Where(e => e is not null))
        {
            ExpressionRewriter.Visit(expression!, e =>
            {
                if (e is ColumnExpression { Name: SystemColumns.RowPartition or SystemColumns.RowOffset } c && source.Find(c.Name) is null)
                {
                    throw Bad(c.Span, $"A pull query cannot use {c.Name}.", Push);
                }
            });
        }
    }

    /// <summary>The condition of a planned pull query, or null.</summary>
    public static BoundExpression? Condition(QueryPlan plan, Query query) => plan.Input switch
    {
        ProjectNode { Input: FilterNode { Input: SourceNode } filter } => filter.Condition,
        ProjectNode { Input: SourceNode } => null,
        _ => throw Bad(query.Span, "A pull query cannot use table functions.", Push),
    };

    public static void CheckScan(
        Query query, BoundExpression? condition, KeyLookup? lookup, IReadOnlyList<string> keys, Func<string, string?> property)
    {
        if (lookup is not null)
        {
            return;
        }

        var (tables, ranges) = (property("ksql.query.pull.table.scan.enabled"), property("ksql.query.pull.range.scan.enabled"));
        if (tables is not "false" || (IsRange(condition, keys) && ranges is not "false"))
        {
            return;
        }

        throw Bad(
            query.Where?.Span ?? query.Span,
            "This query has to read all rows, and table scans are switched off (ksql.query.pull.table.scan.enabled).",
            $"look up keys: WHERE {string.Join(" AND ", keys.Select(k => $"{k} = ..."))}");
    }

    // One comparison of the only key with a constant.
    private static bool IsRange(BoundExpression? condition, IReadOnlyList<string> keys) =>
        condition is not null && keys is [var key] && KeyLookup.Conjuncts(condition).Count(c => c is BoundComparison
        {
            Operator: ComparisonOperator.Less or ComparisonOperator.LessOrEqual or ComparisonOperator.Greater
                or ComparisonOperator.GreaterOrEqual,
        } e && (IsKey(e.Left, e.Right, key) || IsKey(e.Right, e.Left, key))) == 1
        && KeyLookup.Conjuncts(condition).All(c => c is not BoundLogical);

    private static bool IsKey(BoundExpression side, BoundExpression other, string key) =>
        side is BoundColumn column && column.Name == key && KeyLookup.IsConstant(other);

    private static SqlException Bad(SourceSpan span, string message, string? hint) => new(SqlErrors.BadPullQuery, span, message, hint);
}
