using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.CodeGeneration;

internal sealed partial class QueryWriter
{
    private Stage WriteStreamStreamJoin(StreamStreamJoinNode node)
    {
        var (left, right, output) = WriteSides(node, node.Left, node.Right, isTable: false);
        var swapped = node.Kind == JoinKind.Right;
        var method = node.Kind switch { JoinKind.Inner => "Join", JoinKind.Full => "OuterJoin", _ => "LeftJoin" };
        var (first, second) = swapped ? (right, left) : (left, right);
        var (before, after) = swapped ? (node.Within.After, node.Within.Before) : (node.Within.Before, node.Within.After);
        var serdes = $"new StreamJoined<{first.KeyType}, {first.ValueType}, {second.ValueType}> "
            + $"{{ Name = {CSharpTypes.Literal(Name("Join"))}, KeySerde = {KeySerde(left.Key, left.KeyFormat, node.Window)}, "
            + $"ValueSerde = {StateSerde(first.Value)}, OtherSerde = {StateSerde(second.Value)} }}";
        Statement(
            $"{node.Kind.ToString().ToUpperInvariant()} JOIN WITHIN ({before.Count} {before.Unit}, {after.Count} {after.Unit})",
            $"var {output.Variable} = {first.Variable}.{method}({second.Variable}, ({(swapped ? "right, left" : "left, right")}) => "
            + $"{JoinedRow(node, left, right, output)}, {JoinWindow(node.Kind, node.Within, before, after)}, {serdes});");
        return output;
    }

    // Without GRACE PERIOD rows that found no partner are padded at once and windows stay open for a day.
    private static string JoinWindow(JoinKind kind, WithinNode within, DurationNode before, DurationNode after)
    {
        var size = before.Milliseconds + after.Milliseconds;
        var grace = within.Grace?.Milliseconds ?? Math.Max(0, DayMs - size);
        var padding = within.Grace is null && kind != JoinKind.Inner ? ".EmittingUnmatchedAtOnce()" : "";
        return $"JoinWindows.OfTimeDifferenceAndGrace(TimeSpan.FromMilliseconds({after.Milliseconds}), "
            + $"TimeSpan.FromMilliseconds({grace}))"
            + $".Before(TimeSpan.FromMilliseconds({before.Milliseconds})).After(TimeSpan.FromMilliseconds({after.Milliseconds})){padding}";
    }

    private Stage WriteStreamTableJoin(StreamTableJoinNode node)
    {
        var (left, right, output) = WriteSides(node, node.Left, node.Right, isTable: false);
        var joined = $"new Joined<{left.KeyType}, {left.ValueType}, {right.ValueType}> "
            + $"{{ Name = {CSharpTypes.Literal(Name("Join"))}, KeySerde = {KeySerde(left.Key, left.KeyFormat, node.Window)}, "
            + $"ValueSerde = {StateSerde(left.Value)} }}";
        Statement(
            $"{node.Kind.ToString().ToUpperInvariant()} JOIN",
            $"var {output.Variable} = {left.Variable}.{(node.Kind == JoinKind.Inner ? "Join" : "LeftJoin")}({right.Variable}, "
            + $"(left, right) => {JoinedRow(node, left, right, output)}, {joined});");
        return output;
    }

    private Stage WriteTableTableJoin(TableTableJoinNode node)
    {
        var (left, right, output) = WriteSides(node, node.Left, node.Right, isTable: true);
        var swapped = node.Kind == JoinKind.Right;
        var method = node.Kind switch { JoinKind.Inner => "Join", JoinKind.Full => "OuterJoin", _ => "LeftJoin" };
        var (first, second) = swapped ? (right, left) : (left, right);
        var name = StoreName("Join");
        Statement(
            $"{node.Kind.ToString().ToUpperInvariant()} JOIN",
            $"var {output.Variable} = {first.Variable}.{method}({second.Variable}, ({(swapped ? "right, left" : "left, right")}) => "
            + $"{JoinedRow(node, left, right, output)}, {JoinStore(output, name)}, {CSharpTypes.Literal(name)});");
        return output;
    }

    private Stage WriteForeignKeyJoin(ForeignKeyJoinNode node)
    {
        var (left, right, output) = WriteSides(node, node.Left, node.Right, isTable: true);
        var name = StoreName("Join");
        var joined = $"new TableJoined<{left.KeyType}, {left.ValueType}, {right.KeyType}, {right.ValueType}> "
            + $"{{ Name = {CSharpTypes.Literal(name)}, KeySerde = {KeySerde(left.Key, left.KeyFormat, null)}, "
            + $"ValueSerde = {StateSerde(left.Value)}, "
            + $"ForeignKeySerde = {KeySerde(right.Key, right.KeyFormat, null)}, ForeignSerde = {StateSerde(right.Value)} }}";
        Statement(
            $"{node.Kind.ToString().ToUpperInvariant()} JOIN ON {node.ForeignKey.Sql}",
            $"var {output.Variable} = {left.Variable}.{(node.Kind == JoinKind.Inner ? "Join" : "LeftJoin")}({right.Variable}, "
            + $"(key, row) => {NewKey(right.Key, [node.ForeignKey], left)}, (left, right) => {JoinedRow(node, left, right, output)}, "
            + $"{joined}, {JoinStore(output, name)});");
        return output;
    }

    private string JoinStore(Stage output, string name) =>
        $"{Materialized(output, name)}.WithKeySerde({KeySerde(output.Key, output.KeyFormat, output.Window)})";

    private (Stage Left, Stage Right, Stage Output) WriteSides(PlanNode node, PlanNode leftNode, PlanNode rightNode, bool isTable)
    {
        var (left, right) = (Write(leftNode), Write(rightNode));
        var value = _rows.For("JoinedRow", node.Schema.Value);
        var output = new Stage(
            Variable("joined"), isTable, left.Key, value, Columns(node.Schema, left.Key, value, node.Window), node.Window,
            left.KeyFormat);
        return (left, right, output);
    }

    private static string JoinedRow(PlanNode node, Stage left, Stage right, Stage output)
    {
        var count = left.Value.Fields.Count;
        var fields = node.Schema.Value.Select((_, i) =>
            $"{output.Value.Fields[i]} = {(i < count ? $"left.{left.Value.Fields[i]}" : $"right.{right.Value.Fields[i - count]}")}");
        return $"new {output.Value.Name} {{ {string.Join(", ", fields)} }}";
    }
}
