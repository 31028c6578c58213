using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Planning;

/// <summary>
/// What CREATE OR REPLACE may change. The new query goes on with the state, the positions and the topic of the old one, so it may filter
/// differently and add value columns at the end; whatever decides where rows go and what stores hold stays.
/// </summary>
internal static class QueryUpgrade
{
    /// <summary>Checks that a stream or table may take the place of another.</summary>
    /// <exception cref="SqlException">It may not.</exception>
    public static void Check(DataSource old, DataSource replacement, SourceSpan span)
    {
        Same("kind", old.IsTable ? "TABLE" : "STREAM", replacement.IsTable ? "TABLE" : "STREAM", old, span);
        Same("topic", old.Topic, replacement.Topic, old, span);
        Same("key format", old.KeyFormat, replacement.KeyFormat, old, span);
        Same("value format", old.ValueFormat, replacement.ValueFormat, old, span);
        Same("window", old.Window, replacement.Window, old, span);
        Same("timestamp column", old.TimestampColumn, replacement.TimestampColumn, old, span);
        Same("timestamp format", old.TimestampFormat, replacement.TimestampFormat, old, span);
        Same("key", Text(old.KeyColumns), Text(replacement.KeyColumns), old, span);
        var (before, after) = (Columns(old.ValueColumns), Columns(replacement.ValueColumns));
        if (!after.Take(before.Count).SequenceEqual(before))
        {
            throw Refused(
                old, span, $"its columns were ({string.Join(", ", before)}) and would be ({string.Join(", ", after)})",
                "keep the columns and their order, and add new ones at the end");
        }
    }

    /// <summary>Checks that a query may take the place of another.</summary>
    /// <exception cref="SqlException">It may not.</exception>
    public static void Check(QueryPlan old, QueryPlan replacement, SourceSpan span)
    {
        Check(old.Sink!, replacement.Sink!, span);
        Same("sources", Names(old), Names(replacement), old.Sink!, span);
        var (before, after) = (Fixed(old.Input), Fixed(replacement.Input));
        for (var i = 0; i < Math.Max(before.Count, after.Count); i++)
        {
            var (was, becomes) = (before.ElementAtOrDefault(i), after.ElementAtOrDefault(i));
            if (was != becomes)
            {
                throw Refused(
                    old.Sink!, span, $"it had {was ?? "nothing"} where it would have {becomes ?? "nothing"}",
                    "only WHERE, HAVING and columns that are computed from a row may change");
            }
        }
    }

    private static string Names(QueryPlan plan) => string.Join(", ", plan.Sources.Select(s => s.Name));

    private static List<string> Columns(IEnumerable<SourceColumn> columns) => [.. columns.Select(c => $"{c.Name} {c.Type}")];

    private static string Text(IEnumerable<SourceColumn> columns) => string.Join(", ", Columns(columns));

    private static string Text(PlanSchema schema) => string.Join(", ", schema.All.Select(c => $"{c.Name} {c.Type}"));

    private static void Same(string what, object? before, object? after, DataSource source, SourceSpan span)
    {
        if (!Equals(before, after))
        {
            throw Refused(source, span, $"its {what} was {before ?? "none"} and would be {after ?? "none"}", null);
        }
    }

    private static SqlException Refused(DataSource source, SourceSpan span, string why, string? hint) => new(
        SqlErrors.NotAllowed, span, $"{source.Name} cannot be replaced like this: {why}.",
        hint ?? $"drop {source.Name} and create it anew");

    /// <summary>What must stay, from the sink to the sources, as text.</summary>
    private static List<string> Fixed(PlanNode node) => node switch
    {
        FilterNode n => Fixed(n.Input),
        ProjectNode n => Fixed(n.Input),
        TableFunctionNode n => [.. n.Calls.Select(c => c.Sql), .. Fixed(n.Input)],
        RekeyNode n => [$"the key {string.Join(", ", n.Keys.Select(k => k.Sql))}", .. Fixed(n.Input)],
        AggregateNode n => [$"the aggregation {Text(n)}", .. Fixed(n.Input)],
        StreamStreamJoinNode n => [Text(n, n.Kind, n.Left, n.Right), Text(n.Within), .. Fixed(n.Left), .. Fixed(n.Right)],
        StreamTableJoinNode n => [Text(n, n.Kind, n.Left, n.Right), .. Fixed(n.Left), .. Fixed(n.Right)],
        TableTableJoinNode n => [Text(n, n.Kind, n.Left, n.Right), .. Fixed(n.Left), .. Fixed(n.Right)],
        ForeignKeyJoinNode n => [Text(n, n.Kind, n.Left, n.Right), n.ForeignKey.Sql, .. Fixed(n.Left), .. Fixed(n.Right)],
        SourceNode { IsTable: true } n => [$"the rows ({Text(n.Schema)}) of {n.Source.Name}"],
        SourceNode n => [$"the source {n.Source.Name}"],
        _ => [],
    };

    private static string Text(AggregateNode node) =>
        $"({string.Join(", ", node.Aggregates.Select(a => a.Sql))}) by ({string.Join(", ", node.GroupBy.Select(g => g.Sql))})"
        + $" over rows of ({Text(node.Input.Schema)})"
        + (node.WindowClause is { } window ? $" in {Text(window)}" : "");

    // Stores hold the rows of both sides as they are here.
    private static string Text(PlanNode join, JoinKind kind, PlanNode left, PlanNode right) =>
        $"the {kind.ToString().ToUpperInvariant()} JOIN of ({Text(left.Schema)}) and ({Text(right.Schema)}) "
        + $"by {string.Join(", ", join.Schema.Key.Select(k => k.Name))}";

    private static string Text(WithinNode within) =>
        $"WITHIN ({within.Before.Milliseconds} ms, {within.After.Milliseconds} ms), grace {within.Grace?.Milliseconds}";

    private static string Text(WindowNode window) =>
        $"{window.Kind} windows of {window.Size.Milliseconds} ms, advance {window.Advance?.Milliseconds}, "
        + $"grace {window.Grace?.Milliseconds}, retention {window.Retention?.Milliseconds}";
}
