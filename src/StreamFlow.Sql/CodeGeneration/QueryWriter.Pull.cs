using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Planning;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

/// <content>Pull queries: no topology, but a class that turns one row of the stream or table into one of the result.</content>
internal sealed partial class QueryWriter
{
    /// <summary>Writes a pull query: a projection, over a condition or none, over one stream or table.</summary>
    public static GeneratedQuery WritePull(PlanContext context, QueryPlan plan, KeyLookup? lookup, KeyRange? range) =>
        new QueryWriter(context, plan).WritePull(lookup, range);

    private GeneratedQuery WritePull(KeyLookup? lookup, KeyRange? range)
    {
        var project = (ProjectNode)_plan.Input;
        var filter = project.Input as FilterNode;
        var source = (SourceNode)(filter?.Input ?? project.Input);
        var hint = CSharpTypes.Pascal(source.Source.Name);
        var key = _rows.For(hint + "Key", source.Source.KeyColumns.Select(c => new PlanColumn(c.Name, c.Type)));

        // A SOURCE table's store has its header columns, too; in a topic they are beside the value.
        var inStore = source.IsTable ? source.Source.ValueColumns.Concat(source.Source.HeaderColumns) : source.Source.ValueColumns;
        var stored = _rows.For(hint + "Row", inStore.Select(c => new PlanColumn(c.Name, c.Type)));
        var value = source.SystemColumns.Count == 0
            ? stored
            : _rows.For(hint + "WithSystemColumnsRow", source.Schema.Value);
        var stage = new Stage(
            "row", source.IsTable, key, value, Columns(source.Schema, key, value, null), null, source.KeyFormat);

        WriteRow(source, stored, stage, filter, project);
        WriteLookup(lookup, stage);
        WriteRange(range, stage);
        WriteRecordTime(source, stage with { Value = stored });
        return Assemble(source, stored, stage);
    }

    private void WriteRow(SourceNode source, RowStruct stored, Stage stage, FilterNode? filter, ProjectNode project)
    {
        _topology.Open($"protected override object?[]? Row({stage.KeyType} key, {stored.Name} stored, in PullRecord record)");
        _topology.Line(source.SystemColumns.Count == 0 ? "var row = stored;" : $"var row = {SystemRow(source, stored, stage.Value)};");
        if (filter is not null)
        {
            var condition = ExpressionWriter.CanFail(filter.Condition)
                ? $"{WriteMethod("Where", filter.Condition, stage, filter.Sql)}(key, row) == true"
                : Writer(stage).Condition(filter.Condition);
            _topology.Comment(filter.Sql);
            _topology.Open($"if (!({condition}))");
            _topology.Line("return null;");
            _topology.Close();
        }

        var values = project.Values.Select(v => $"({_types.Nullable(v.Value.KnownType)}){Inline(v, stage)}");
        _topology.Line($"return new object?[] {{ {string.Join(", ", values)} }};");
        _topology.Close();
    }

    private string SystemRow(SourceNode node, RowStruct stored, RowStruct value)
    {
        var fields = value.Columns.Select((column, i) =>
        {
            var system = node.SystemColumns.FirstOrDefault(s => s.Name == column.Name);
            var code = system is null || (node.IsTable && node.Source.Find(system.Column) is not null)
                ? $"stored.{stored.FieldOf(column.Name)}"
                : system.Column switch
                {
                    SystemColumns.RowTime when node.Source.Find(system.Column) is null => "record.Timestamp",
                    SystemColumns.WindowStart when node.Source.Find(system.Column) is null => "record.WindowStart",
                    SystemColumns.WindowEnd when node.Source.Find(system.Column) is null => "record.WindowEnd",
                    _ => HeaderCode(node.Source.Find(system.Column)!),
                };
            return $"{value.Fields[i]} = {code}";
        });
        return $"new {value.Name} {{ {string.Join(", ", fields)} }}";
    }

    private void WriteLookup(KeyLookup? lookup, Stage stage)
    {
        if (lookup is null)
        {
            return;
        }

        var keys = lookup.Keys.Select(key =>
            $"new {stage.Key.Name} {{ {string.Join(", ", key.Select((v, i) => $"{stage.Key.Fields[i]} = {Writer(stage).Write(v)}"))} }}");
        _topology.Line();
        _topology.Line($"protected override {stage.Key.Name}[]? LookedUp() => new {stage.Key.Name}[] {{ {string.Join(", ", keys)} }};");
    }

    private void WriteRange(KeyRange? range, Stage stage)
    {
        if (range is not null)
        {
            var key = stage.Key.Name;
            _topology.Line();
            _topology.Line(
                $"protected override ({key}? From, {key}? To) Bounds() => ({Bound(range.From, stage)}, {Bound(range.To, stage)});");
        }
    }

    private string Bound(BoundExpression? bound, Stage stage) => bound is null
        ? "null"
        : $"new {stage.Key.Name} {{ {stage.Key.Fields[0]} = {Writer(stage).Write(bound)} }}";

    private void WriteRecordTime(SourceNode source, Stage stage)
    {
        if (!source.IsTable && TimestampCode(source.Source, stage) is { } time)
        {
            _topology.Line();
            _topology.Line($"protected override long Time({stage.KeyType} key, {stage.ValueType} row, long timestamp) => {time} ?? -1L;");
        }
    }

    private GeneratedQuery Assemble(SourceNode node, RowStruct stored, Stage stage)
    {
        var text = new SourceText();
        text.Comment(_plan.Sql);
        WriteUsings(text);
        text.Line("namespace StreamFlow.Sql.Generated.Pull;");
        text.Line();
        text.Line("public sealed class Query(SqlQueryContext sql)");
        var window = node.Source.Window;
        var size = window?.SizeMs is { } ms ? $"{ms}L" : "null";
        text.Indented(() => text.Line(
            $": PullQuery<{stage.Key.Name}, {stored.Name}>(sql, {Spec(node.Source.KeyFormat)}, {Spec(node.Source.ValueFormat)}, "
            + $"{(window is null ? "false" : "true")}, {size})"));
        text.OpenBlock();
        _constants.Write(text);
        var body = new SourceText();
        body.Indented(() =>
        {
            foreach (var line in _topology.ToString().Split('\n'))
            {
                body.Line(line);
            }
        });
        var tail = new SourceText();
        tail.Line("}");
        _rows.Write(tail);
        return new GeneratedQuery("StreamFlow.Sql.Generated.Pull.Query", text + body.ToString() + _methods + tail);
    }
}
