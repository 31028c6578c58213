using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Planning;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>
/// Writes a plan as a C# class over the streams DSL: one statement for each operator, under a comment with the SQL it came from;
/// expressions that can fail as methods that turn a failure into null and a log entry; row structs at the end.
/// </summary>
internal sealed partial class QueryWriter
{
    private readonly CSharpTypes _types = new();
    private readonly Constants _constants = new();
    private readonly RowStructs _rows;
    private readonly SourceText _topology = new();
    private readonly SourceText _methods = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly PlanContext _context;
    private readonly QueryPlan _plan;

    private QueryWriter(PlanContext context, QueryPlan plan)
    {
        _context = context;
        _plan = plan;
        _rows = new RowStructs(_types);
    }

    public static GeneratedQuery Write(PlanContext context, QueryPlan plan) => new QueryWriter(context, plan).Write();

    private GeneratedQuery Write()
    {
        _topology.Indented(() => _topology.Indented(WriteTopology));
        var name = CSharpTypes.Pascal(_plan.QueryId);
        var text = new SourceText();
        text.Comment(_plan.QueryId);
        text.Comment(_plan.Sql);
        WriteUsings(text);
        text.Line($"namespace StreamFlow.Sql.Generated.{name};");
        text.Line();
        text.Open("public sealed class Query(SqlQueryContext sql)");
        _constants.Write(text);
        text.Line("public Topology Build()");
        text.Line("{");
        var body = _topology.ToString();
        var result = text.ToString() + body;
        var tail = new SourceText();
        tail.Indented(() => tail.Line("}"));
        tail.Line(_methods.ToString().TrimEnd('\n'));
        tail.Append(_reader);
        tail.Line("}");
        _rows.Write(tail);
        return new GeneratedQuery($"StreamFlow.Sql.Generated.{name}.Query", result + tail);
    }

    internal static void WriteUsings(SourceText text)
    {
        text.Line("#nullable enable");
        string[] namespaces =
        [
            "System", "System.Collections.Generic", "System.Linq", "StreamFlow.Core.Serialization", "StreamFlow.Sql.CodeGeneration.Runtime",
            "StreamFlow.Sql.CodeGeneration.Runtime.Reading",
            "StreamFlow.Sql.Formats", "StreamFlow.Sql.Functions", "StreamFlow.Sql.Rows", "StreamFlow.Sql.Types", "StreamFlow.Sql.Values",
            "StreamFlow.Streams", "StreamFlow.Streams.Dsl", "StreamFlow.Streams.Topologies",
        ];
        foreach (var name in namespaces)
        {
            text.Line($"using {name};");
        }

        text.Line();
    }

    private void WriteTopology()
    {
        _topology.Line("var builder = new StreamsBuilder(sql.Topology);");
        var result = Write(_plan.Input);
        if (_plan.Sink is { } sink)
        {
            WriteSink(result, sink);
        }
        else if (!_plan.IsMaterialization)
        {
            WriteOutput(result);
        }

        _topology.Line();
        _topology.Line("return builder.Build();");
        WriteReader(_plan.Input);
    }

    private Stage Write(PlanNode node) => Written(node, node switch
    {
        SourceNode n => WriteSource(n),
        FilterNode n => WriteFilter(n),
        ProjectNode n => WriteProject(n),
        RekeyNode n => WriteRekey(n),
        TableFunctionNode n => WriteTableFunctions(n),
        AggregateNode n => WriteAggregate(n),
        StreamStreamJoinNode n => WriteStreamStreamJoin(n),
        StreamTableJoinNode n => WriteStreamTableJoin(n),
        TableTableJoinNode n => WriteTableTableJoin(n),
        ForeignKeyJoinNode n => WriteForeignKeyJoin(n),
        _ => throw new InvalidOperationException($"No code for {node.GetType().Name}."),
    });

    private Stage WriteFilter(FilterNode node)
    {
        var input = Write(node.Input);
        var output = input with { Variable = Variable("filtered") };
        var condition = ExpressionWriter.CanFail(node.Condition)
            ? $"{WriteMethod("Where", node.Condition, input, node.Sql)}(key, row) == true"
            : Writer(input).Condition(node.Condition);
        _perRow[node] = condition;
        Statement(node.Sql, $"var {output.Variable} = {input.Variable}.Filter((key, row) => {condition});");
        return output;
    }

    private Stage WriteProject(ProjectNode node)
    {
        var input = Write(node.Input);
        var value = _rows.For(ValueHint(node), node.Schema.Value);
        var output = input with
        {
            Variable = Variable("projected"),
            Value = value,
            Columns = Columns(node.Schema, input.Key, value, input.Window),
        };
        var row = NewRow(value, node.Values, input, "");
        _perRow[node] = row;
        Statement(
            "SELECT " + string.Join(", ", node.Values.Select(v => v.Sql.Length == 0 || v.Sql == v.Name ? v.Name : $"{v.Sql} AS {v.Name}")),
            $"var {output.Variable} = {input.Variable}.MapValues((key, row) => {row});");
        return output;
    }

    private Stage WriteRekey(RekeyNode node)
    {
        var before = Write(node.Input);
        var input = WithKeyInValue(before, node.Input.Schema);
        var key = KeyStruct("Key", node.Schema.Key, node.KeyFormat);
        var select = node.Keys.Count == 0 ? $"({key.Name}?)null" : NewKey(key, node.Keys, WithOldKey(input, before, node.Input.Schema));
        var columns = Stage.KeyColumns(node.Schema.Key, key, null).ToDictionary(StringComparer.Ordinal);
        foreach (var column in node.Schema.Value)
        {
            columns.TryAdd(column.Name, input.Access(column.Name));
        }

        var output = input with { Variable = Variable("rekeyed"), Key = key, Columns = columns, KeyFormat = node.KeyFormat };
        var code = node.IsTable
            ? $"{input.Variable}.ToStream().SelectKey((key, row) => {select}).ToTable({Materialized(output, StoreName("Rekeyed"))}"
                + $".WithKeySerde({KeySerde(key, node.KeyFormat, null)}))"
            : $"{input.Variable}.SelectKey((key, row) => {select})";
        Statement(
            "PARTITION BY " + (node.Keys.Count == 0 ? "NULL" : string.Join(", ", node.Keys.Select(k => k.Sql))),
            $"var {output.Variable} = {code};");
        return output;
    }

    // A record without a value has the old key still, when the new one is computed.
    private static Stage WithOldKey(Stage input, Stage before, PlanSchema schema)
    {
        var columns = schema.Key.ToDictionary(k => k.Name, k => before.Access(k.Name), StringComparer.Ordinal);
        foreach (var (name, code) in input.Columns)
        {
            columns.TryAdd(name, code);
        }

        return input with { Columns = columns };
    }

    // Before the key is replaced its columns move into the value, and are read from there.
    private Stage WithKeyInValue(Stage input, PlanSchema schema)
    {
        var missing = schema.Key.Where(k => schema.Value.All(v => v.Name != k.Name)).ToList();
        if (missing.Count == 0)
        {
            var fromValue = new Dictionary<string, string>(input.Columns, StringComparer.Ordinal);
            foreach (var column in schema.Key)
            {
                fromValue[column.Name] = $"row.{input.Value.FieldOf(column.Name)}";
            }

            return input with { Columns = fromValue };
        }

        var columns = schema.Value.Concat(missing).ToList();
        var value = _rows.For("WithKeyRow", columns);
        var output = input with
        {
            Variable = Variable("withKey"),
            Value = value,
            Columns = Stage.ValueColumns(columns, value).ToDictionary(StringComparer.Ordinal),
        };
        var values = columns.Select(c => new NamedExpression(c.Name, new BoundColumn(c.Name, c.Type), "")).ToList();
        Statement("", $"var {output.Variable} = {input.Variable}.MapValues((key, row) => {NewRow(value, values, input, "")});");
        return output;
    }

    private Stage WriteTableFunctions(TableFunctionNode node)
    {
        var input = Write(node.Input);
        var value = _rows.For("ExpandedRow", node.Schema.Value);
        var output = input with
        {
            Variable = Variable("expanded"),
            Value = value,
            Columns = Columns(node.Schema, input.Key, value, input.Window),
        };
        var method = Name("Expand");
        _methods.Line();
        _methods.Indented(() =>
        {
            _methods.Open($"private IEnumerable<{value.Name}> {method}({input.KeyType} key, {input.ValueType} row)");
            var lists = new List<string>();
            foreach (var call in node.Calls)
            {
                var function = WriteMethod(
                    call.Name, call.Value, input, call.Sql, $"IEnumerable<{_types.Nullable(call.Value.KnownType)}>?", _late);
                var list = $"list{lists.Count}";
                lists.Add(list);
                _methods.Line($"var {list} = {function}(key, row)?.ToList() ?? [];");
            }

            var count = lists.Skip(1).Aggregate($"{lists[0]}.Count", (all, list) => $"Math.Max({all}, {list}.Count)");
            _methods.Open($"for (var i = 0; i < {count}; i++)");
            var fields = node.Input.Schema.Value.Select(c => $"{value.FieldOf(c.Name)} = {input.Access(c.Name)}")
                .Concat(node.Calls.Select((c, i) => $"{value.FieldOf(c.Name)} = i < {lists[i]}.Count ? {lists[i]}[i] : null"));
            _methods.Line($"yield return new {value.Name} {{ {string.Join(", ", fields)} }};");
            _methods.Close();
            _methods.Close();
        });
        FlushLate();
        Statement(
            string.Join(", ", node.Calls.Select(c => c.Sql)),
            $"var {output.Variable} = {input.Variable}.FlatMapValues((key, row) => {method}(key, row));");
        return output;
    }

    private static Dictionary<string, string> Columns(PlanSchema schema, RowStruct key, RowStruct value, WindowSpec? window)
    {
        var columns = Stage.KeyColumns(schema.Key, key, window).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, code) in Stage.ValueColumns(schema.Value, value))
        {
            columns.TryAdd(name, code);
        }

        return columns;
    }

    /// <summary>The struct of a key. The only column of a bare key is called KEY, so that both sides of a join have one type.</summary>
    private RowStruct KeyStruct(string hint, IReadOnlyList<PlanColumn> columns, FormatSpec format) =>
        columns is [var only] && (format.Unwrapped || format.Name is "KAFKA" or "DELIMITED")
            ? _rows.For($"{only.Type.BaseType}Key", [new SqlField("KEY", only.Type)])
            : _rows.For(hint, columns);

    private string ValueHint(PlanNode node) =>
        ReferenceEquals(node, _plan.Input) && _plan.Sink is { } sink ? CSharpTypes.Pascal(sink.Name) + "Row" : "ProjectedRow";

    private void Statement(string sqlComment, string code)
    {
        _topology.Line();
        if (sqlComment.Length > 0)
        {
            _topology.Comment(sqlComment.Length > 120 ? sqlComment[..117] + "..." : sqlComment);
        }

        _topology.Line(code);
    }

    private string Variable(string name) => Name(name);

    private string Name(string name)
    {
        var identifier = CSharpTypes.Identifier(name);
        var count = _names.GetValueOrDefault(identifier) + 1;
        _names[identifier] = count;
        return count == 1 ? identifier : $"{identifier}{count}";
    }
}
