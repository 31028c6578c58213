using System.Text;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Formats;

namespace StreamFlow.Sql.Planning;

/// <summary>Writes a plan for people: a line an operator, its inputs indented below it.</summary>
internal static class PlanText
{
    public static string Write(QueryPlan plan)
    {
        var text = new StringBuilder();
        text.Append(plan.Sink is { } sink
            ? $"INTO {Kind(sink.IsTable)} {sink.Name} topic {sink.Topic} {Formats(sink.KeyFormat, sink.ValueFormat)}"
            : $"EMIT{(plan.Limit is { } limit ? $" LIMIT {limit}" : "")}").Append('\n');
        Write(text, plan.Input, 1);
        return text.ToString();
    }

    private static void Write(StringBuilder text, PlanNode node, int depth)
    {
        var indent = new string(' ', depth * 2);
        text.Append(indent).Append(Describe(node)).Append('\n');
        text.Append(indent).Append($"  {Kind(node.IsTable)}{Window(node.Window)} ({string.Join(", ", Columns(node.Schema))})\n");
        foreach (var input in Inputs(node))
        {
            Write(text, input, depth + 1);
        }
    }

    private static string Describe(PlanNode node) => node switch
    {
        SourceNode n => $"READ {n.Source.Name}{(n.Alias == n.Source.Name ? "" : $" {n.Alias}")} topic {n.Source.Topic} "
            + Formats(n.Source.KeyFormat, n.Source.ValueFormat),
        FilterNode n => $"FILTER {n.Sql}",
        ProjectNode n => $"PROJECT {string.Join(", ", n.Values.Select(v => Item(v)))}",
        RekeyNode n => $"REPARTITION BY {(n.Keys.Count == 0 ? "NULL" : string.Join(", ", n.Keys.Select(k => Item(k))))} "
            + $"key format {n.KeyFormat.Name}",
        TableFunctionNode n => $"EXPAND {string.Join(", ", n.Calls.Select(c => Item(c)))}",
        AggregateNode n => $"AGGREGATE {string.Join(", ", n.Aggregates.Select(a => $"{a.Name} = {a.Sql}"))} "
            + $"BY {string.Join(", ", n.GroupBy.Select(g => Item(g)))}"
            + (n.KeepsKey ? ", no repartition" : $", repartition, key format {n.KeyFormat.Name}")
            + (n.EmitFinal ? ", once a window" : ""),
        StreamStreamJoinNode n =>
            $"{Name(n.Kind)} JOIN of streams within {n.Within.Before.Milliseconds} ms before, {n.Within.After.Milliseconds} ms after"
            + (n.Within.Grace is { } grace ? $", grace {grace.Milliseconds} ms" : ""),
        StreamTableJoinNode n => $"{Name(n.Kind)} JOIN of a stream and a table",
        TableTableJoinNode n => $"{Name(n.Kind)} JOIN of tables",
        ForeignKeyJoinNode n => $"{Name(n.Kind)} JOIN of tables by foreign key {n.ForeignKey.Sql}",
        _ => node.GetType().Name,
    };

    private static IEnumerable<PlanNode> Inputs(PlanNode node) => node switch
    {
        FilterNode n => [n.Input],
        ProjectNode n => [n.Input],
        RekeyNode n => [n.Input],
        TableFunctionNode n => [n.Input],
        AggregateNode n => [n.Input],
        StreamStreamJoinNode n => [n.Left, n.Right],
        StreamTableJoinNode n => [n.Left, n.Right],
        TableTableJoinNode n => [n.Left, n.Right],
        ForeignKeyJoinNode n => [n.Left, n.Right],
        _ => [],
    };

    private static string Item(NamedExpression item) =>
        item.Sql.Length == 0 || item.Sql.Trim('`') == item.Name ? item.Name : $"{item.Name} = {item.Sql}";

    private static IEnumerable<string> Columns(PlanSchema schema) =>
        schema.Key.Select(k => $"{k.Name} {k.Type} KEY").Concat(schema.Value.Select(v => $"{v.Name} {v.Type}"));

    private static string Kind(bool isTable) => isTable ? "TABLE" : "STREAM";

    private static string Name(Ast.JoinKind kind) => kind.ToString().ToUpperInvariant();

    private static string Window(WindowSpec? window) => window is null ? ""
        : window.SizeMs is { } size ? $" {window.Type} {size} ms" : $" {window.Type}";

    private static string Formats(FormatSpec key, FormatSpec value) => $"key {key.Name} value {value.Name}";
}
