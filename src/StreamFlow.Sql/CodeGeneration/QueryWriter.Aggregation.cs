using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Functions.Resolution;
using StreamFlow.Sql.Planning;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

internal sealed partial class QueryWriter
{
    private const long DayMs = 86_400_000;

    private Stage WriteAggregate(AggregateNode node)
    {
        var input = Write(node.Input);
        input = UsesKey(node, input) ? WithKeyInValue(input, node.Input.Schema) : input;
        var format = node.KeepsKey ? input.KeyFormat : node.KeyFormat;
        var key = node.KeepsKey ? input.Key : KeyStruct("GroupKey", node.Schema.Key, format);
        var state = _rows.For("Totals", StateColumns(node));
        var grouped = input with { Key = key, Window = node.KeepsKey ? input.Window : null, KeyFormat = format };
        var output = new Stage(
            Variable("aggregated"), true, key, state, AggregateColumns(node, key, state), node.Window, format);

        var code = input.Variable + (node.Input.IsTable ? GroupTable(node, input, grouped) : GroupStream(node, input, grouped))
            + Windowed(node);
        var add = WriteUpdate("Add", node, input, state, call => "Add");
        var last = node.Input.IsTable
            ? $", (key, row, totals) => {WriteUpdate("Undo", node, input, state, call => "Undo")}(row, totals)"
            : node.WindowClause?.Kind == WindowKind.Session ? $", (key, left, right) => {WriteMerge(node, state)}(left, right)" : "";
        Statement(
            $"GROUP BY {string.Join(", ", node.GroupBy.Select(g => g.Sql))}",
            $"var {output.Variable} = {code}.Aggregate(() => default({state.Name}), (key, row, totals) => {add}(row, totals){last}, "
            + $"{AggregateStore(node, grouped, state)});");
        return output;
    }

    // Aggregates see rows under the group's key, so columns of the old key they use must be in the value.
    private bool UsesKey(AggregateNode node, Stage input)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var recorder = new ExpressionWriter(_types, _constants, name =>
        {
            used.Add(name);
            return input.Access(name);
        });
        foreach (var argument in node.Aggregates.SelectMany(a => a.Filter is null ? a.Arguments : a.Arguments.Append(a.Filter)))
        {
            recorder.Write(argument);
        }

        return node.Input.Schema.Key.Any(k => used.Contains(k.Name));
    }

    private string AggregateStore(AggregateNode node, Stage grouped, RowStruct state)
    {
        var store = Materialized(grouped.KeyType, state, StoreName("Aggregate"))
            + $".WithKeySerde({KeySerde(grouped.Key, grouped.KeyFormat, grouped.Window)})";
        return node.WindowClause?.Retention is { } retention
            ? $"{store}.WithRetention(TimeSpan.FromMilliseconds({retention.Milliseconds}))"
            : store;
    }

    private string GroupStream(AggregateNode node, Stage input, Stage grouped)
    {
        var keySerde = KeySerde(grouped.Key, grouped.KeyFormat, grouped.Window);
        var serdes = $"Grouped<{grouped.KeyType}, {input.ValueType}>.With({keySerde}, {StateSerde(input.Value)})";
        return node.KeepsKey
            ? $".GroupByKey({serdes})"
            : $".GroupBy((key, row) => {NewKey(grouped.Key, node.GroupBy, input, allRequired: true)}, {serdes})";
    }

    private string GroupTable(AggregateNode node, Stage input, Stage grouped)
    {
        var keySerde = KeySerde(grouped.Key, grouped.KeyFormat, grouped.Window);
        var serdes = $"Grouped<{grouped.KeyType}, {input.ValueType}>.With({keySerde}, {StateSerde(input.Value)})";
        return $".GroupBy((key, row) => ({NewKey(grouped.Key, node.GroupBy, input, allRequired: true)}, row), {serdes})";
    }

    private static string Windowed(AggregateNode node)
    {
        if (node.WindowClause is not { } window)
        {
            return "";
        }

        var (size, grace) = ($"TimeSpan.FromMilliseconds({window.Size.Milliseconds})", $"TimeSpan.FromMilliseconds({Grace(node, window)})");
        var windows = window.Kind switch
        {
            WindowKind.Session => $"SessionWindows.OfInactivityGapAndGrace({size}, {grace})",
            WindowKind.Hopping => $"TimeWindows.OfSizeAndGrace({size}, {grace})"
                + $".AdvanceBy(TimeSpan.FromMilliseconds({window.Advance!.Milliseconds}))",
            _ => $"TimeWindows.OfSizeAndGrace({size}, {grace})",
        };
        return $".WindowedBy({windows})" + (node.EmitFinal ? ".EmitStrategy(EmitStrategy.OnWindowClose)" : "");
    }

    // A result that is sent once is sent when the window ends, unless the query asks to wait.
    private static long Grace(AggregateNode node, WindowNode window) =>
        window.Grace?.Milliseconds ?? (node.EmitFinal ? 0 : Math.Max(0, DayMs - window.Size.Milliseconds));

    private static List<SqlField> StateColumns(AggregateNode node) =>
        [.. node.Aggregates.SelectMany(a => a.Call.StateTypes.Select((type, i) => new SqlField($"{a.Name}_{i}", type)))];

    private static string States(RowStruct state, AggregateColumn aggregate, string format) =>
        string.Join(", ", aggregate.Call.StateTypes.Select((_, i) =>
            string.Format(System.Globalization.CultureInfo.InvariantCulture, format, state.FieldOf($"{aggregate.Name}_{i}"))));

    private Dictionary<string, string> AggregateColumns(AggregateNode node, RowStruct key, RowStruct state)
    {
        var columns = Stage.KeyColumns(node.Schema.Key, key, node.Window).ToDictionary(StringComparer.Ordinal);
        foreach (var aggregate in node.Aggregates)
        {
            var arguments = States(state, aggregate, "row.{0}") + Constants(aggregate.Call);
            columns[aggregate.Name] = $"(({_types.Nullable(aggregate.Call.ReturnType)}){aggregate.Call.CSharpName}.Result({arguments}))";
        }

        if (node.Window is not null)
        {
            columns[SystemColumns.WindowStart] = "((long?)key.Window.Start)";
            columns[SystemColumns.WindowEnd] = "((long?)key.Window.End)";
        }

        return columns;
    }

    private static string Constants(AggregateCall call) => string.Concat(call.Constants.Select(c => ", " + c switch
    {
        bool b => b ? "true" : "false",
        string s => CSharpTypes.Literal(s),
        long l => $"{l}L",
        _ => Convert.ToString(c, System.Globalization.CultureInfo.InvariantCulture),
    }));

    /// <summary>Writes the method that takes a row into the totals, or out of them.</summary>
    private string WriteUpdate(string name, AggregateNode node, Stage input, RowStruct state, Func<AggregateCall, string> methodOf)
    {
        var method = Name(name);
        _methods.Line();
        _methods.Indented(() =>
        {
            // The key of a regrouped stream is another one than that of the rows, whose expressions use the value only.
            _methods.Open($"private {state.Name} {method}({input.ValueType} row, {state.Name} totals)");
            foreach (var aggregate in node.Aggregates)
            {
                _methods.Comment(aggregate.Sql);
                var arguments = string.Concat(aggregate.Arguments
                    .Take(aggregate.Call.Arguments.Count)
                    .Select(a => ", " + AggregateArgument(aggregate, a, input)));
                if (aggregate.Call.RowArgument is { } row)
                {
                    arguments += ", " + RowArgument(row, aggregate, input);
                }

                var states = States(state, aggregate, "ref totals.{0}");
                var call = $"{aggregate.Call.CSharpName}.{methodOf(aggregate.Call)}({states}{arguments}{Constants(aggregate.Call)});";
                if (aggregate.Filter is null)
                {
                    _methods.Line(call);
                    continue;
                }

                _methods.Open($"if ({AggregateFilter(aggregate, aggregate.Filter, input)})");
                _methods.Line(call);
                _methods.Close();
            }

            _methods.Line("return totals;");
            _methods.Close();
        });
        FlushLate();
        return method;
    }

    private string AggregateArgument(AggregateColumn aggregate, BoundExpression argument, Stage input)
    {
        var type = _types.Nullable(argument.KnownType);
        return ExpressionWriter.CanFail(argument)
            ? $"{WriteMethod(aggregate.Name, argument, input, aggregate.Sql, type, _late)}(default, row)"
            : $"({type}){Writer(input).Write(argument)}";
    }

    // A condition that fails or is null takes no row, as in WHERE.
    private string AggregateFilter(AggregateColumn aggregate, BoundExpression filter, Stage input) => ExpressionWriter.CanFail(filter)
        ? $"{WriteMethod(aggregate.Name + "_FILTER", filter, input, aggregate.Sql, "bool?", _late)}(default, row) == true"
        : Writer(input).Condition(filter);

    private string RowArgument(SqlStructType row, AggregateColumn aggregate, Stage input)
    {
        var fields = RowStructs.Fields(row.Fields);
        var values = aggregate.Arguments.Select((a, i) => $"{fields[i]} = {Writer(input).Write(a)}");
        return $"({_types.Nullable(row)})new {_types.NotNull(row)} {{ {string.Join(", ", values)} }}";
    }

    private string WriteMerge(AggregateNode node, RowStruct state)
    {
        var method = Name("Merge");
        _methods.Line();
        _methods.Indented(() =>
        {
            _methods.Open($"private {state.Name} {method}({state.Name} left, {state.Name} right)");
            foreach (var aggregate in node.Aggregates)
            {
                var states = $"{States(state, aggregate, "ref left.{0}")}, {States(state, aggregate, "right.{0}")}";
                _methods.Line($"{aggregate.Call.CSharpName}.Merge({states}{Constants(aggregate.Call)});");
            }

            _methods.Line("return left;");
            _methods.Close();
        });
        return method;
    }
}
