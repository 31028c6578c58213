using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Planning;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

internal sealed partial class QueryWriter
{
    private Stage WriteSource(SourceNode node)
    {
        var source = node.Source;
        var hint = CSharpTypes.Pascal(source.Name);
        var keyColumns = source.KeyColumns.Select(c => new PlanColumn(c.Name, c.Type)).ToList();
        var valueColumns = node.ReadColumns.Select(c => new PlanColumn(c.Name, c.Type)).ToList();
        var key = KeyStruct(hint + "Key", keyColumns, source.KeyFormat);
        var value = _rows.For(hint + "Row", valueColumns);
        var stage = new Stage(
            Variable(hint.ToLowerInvariant() + "Source"), source.IsTable, key, value, SourceColumns(node, key, value), source.Window,
                source.KeyFormat);

        var consumed = $"Consumed<{stage.KeyType}, {stage.ValueType}>.With({KeySerde(key, source.KeyFormat, source.Window)}, "
            + $"sql.Value<{value.Name}>({Spec(source.ValueFormat)})){TimestampExtractor(source, stage)}";
        var sql = $"FROM {source.Name}" + (node.Alias == source.Name ? "" : $" {node.Alias}");
        if (node.SystemColumns.Count > 0)
        {
            return WriteSystemColumns(node, stage, consumed, sql);
        }

        var code = source.IsTable
            ? $"builder.Table({CSharpTypes.Literal(source.Topic)}, {consumed}, {Materialized(stage, StoreName("Source_" + hint))})"
            : $"builder.Stream({CSharpTypes.Literal(source.Topic)}, {consumed})";
        Statement(sql, $"var {stage.Variable} = {code};");
        return stage;
    }

    private static Dictionary<string, string> SourceColumns(SourceNode node, RowStruct key, RowStruct value)
    {
        var columns = Stage.KeyColumns(node.Schema.Key, key, node.Source.Window).ToDictionary(StringComparer.Ordinal);
        for (var i = 0; i < value.Fields.Count; i++)
        {
            columns.TryAdd(node.Schema.Value[i].Name, $"row.{value.Fields[i]}");
        }

        return columns;
    }

    private Stage WriteSystemColumns(SourceNode node, Stage stage, string consumed, string sql)
    {
        var source = node.Source;
        var value = _rows.For(CSharpTypes.Pascal(source.Name) + "WithSystemColumnsRow", node.Schema.Value);
        var fields = value.Fields.Select((f, i) =>
        {
            var name = value.Columns[i].Name;
            var system = node.SystemColumns.FirstOrDefault(s => s.Name == name);
            return $"{f} = {(system is null ? $"row.{stage.Value.Fields[i]}" : SystemColumnCode(source, system.Column))}";
        });
        var output = stage with { Value = value, Columns = Columns(node.Schema, stage.Key, value, source.Window) };
        var select = $"(in Record<{stage.KeyType}, {stage.ValueType}> record, StreamFlow.Streams.Processing.ITaskContext context) => "
            + $"{{ var row = record.Value; return new {value.Name} {{ {string.Join(", ", fields)} }}; }}";
        var code = $"builder.Stream({CSharpTypes.Literal(source.Topic)}, {consumed})"
            + $".ProcessValues(() => new RowProcessor<{stage.KeyType}, {stage.ValueType}, {value.Name}>({select}))";
        if (source.IsTable)
        {
            var store = StoreName("Source_" + CSharpTypes.Pascal(source.Name));
            code += $".ToTable({Materialized(output, store)}.WithKeySerde({KeySerde(stage.Key, source.KeyFormat, source.Window)}))";
        }

        Statement(sql, $"var {output.Variable} = {code};");
        return output;
    }

    private string SystemColumnCode(DataSource source, string column) => column switch
    {
        SystemColumns.RowTime when source.Find(column) is null => "record.Timestamp",
        SystemColumns.RowPartition when source.Find(column) is null => "context.Partition",
        SystemColumns.RowOffset when source.Find(column) is null => "context.Offset",
        SystemColumns.WindowStart when source.Find(column) is null => "record.Key.Window.Start",
        SystemColumns.WindowEnd when source.Find(column) is null => "record.Key.Window.End",
        _ => HeaderCode(source.Find(column)!),
    };

    private string HeaderCode(SourceColumn column)
    {
        if (column.HeaderKey is { } header)
        {
            return $"HeaderColumns.Last(record.Headers, {CSharpTypes.Literal(header)})";
        }

        var type = (SqlStructType)((SqlArrayType)column.Type).Element;
        var (name, fields) = (_types.NotNull(type), RowStructs.Fields(type.Fields));
        return $"HeaderColumns.All(record.Headers, (name, bytes) => ({name}?)new {name} {{ {fields[0]} = name, {fields[1]} = bytes }})";
    }

    private string TimestampExtractor(DataSource source, Stage stage)
    {
        if (TimestampCode(source, stage) is not { } code)
        {
            return "";
        }

        // A record without a value has no columns to ask; it keeps its own time. A negative time has the record skipped.
        var invalid = bool.TryParse(_context.Property("ksql.timestamp.throw.on.invalid"), out var fails) && fails
            ? $"throw new InvalidTimestampException({CSharpTypes.Literal(source.TimestampColumn ?? "")})"
            : "-1L";
        return $".WithTimestampExtractor((in Record<{stage.KeyType}, {stage.ValueType}> record, in TimestampContext context) => "
            + $"{{ var key = record.Key; var row = record.Value; return record.HasValue ? {code} ?? {invalid} : record.Timestamp; }})";
    }

    /// <summary>The time a row's TIMESTAMP column says, as a <c>long?</c>; null when the source has no such column.</summary>
    private string? TimestampCode(DataSource source, Stage stage)
    {
        if (source.TimestampColumn is not { } name || source.Find(name) is not { } column)
        {
            return null;
        }

        // Columns of a source may carry a join's prefix in the stage, its structs never do.
        var keys = source.KeyColumns.ToList();
        var access = column.Role == SourceColumnRole.Key
            ? $"{(source.Window is null ? "key" : "key.Key")}?.{stage.Key.Fields[keys.FindIndex(k => k.Name == name)]}"
            : $"row.{stage.Value.FieldOf(name)}";
        if (column.Type.BaseType == SqlBaseType.BigInt)
        {
            return $"({access})";
        }

        if (column.Type.BaseType == SqlBaseType.Timestamp)
        {
            return $"({access})?.Milliseconds";
        }

        var scope = new StageScope(new PlanSchema([], [new PlanColumn(name, column.Type)]));
        var parse = new CallExpression(
            SourceSpan.None,
            "PARSE_TIMESTAMP",
            [new ColumnExpression(SourceSpan.None, null, name), new StringLiteral(SourceSpan.None, source.TimestampFormat!)],
            false);
        var bound = _context.Binder(scope).BindFunction(parse);
        var alone = stage with { Columns = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = access } };
        return $"{WriteMethod("Timestamp", bound, alone, parse.ToString())}(key, row)?.Milliseconds";
    }

    private void WriteSink(Stage stage, DataSource sink)
    {
        stage = WriteSinkKey(stage, sink);
        var stream = stage.IsTable ? $"{stage.Variable}.ToStream()" : stage.Variable;
        if (TimestampCode(sink, stage) is { } time)
        {
            stream += $".ProcessValues(() => new TimestampProcessor<{stage.KeyType}, {stage.ValueType}>((key, row) => {time}))";
        }

        var (valueType, serde) = (stage.ValueType, $"sql.Value<{stage.Value.Name}>({Spec(sink.ValueFormat)})");
        if (sink.ValueFormat.Unwrapped)
        {
            // A bare null is no value at all.
            valueType = $"{stage.Value.Name}?";
            serde = $"sql.NullableValue<{stage.Value.Name}>({Spec(sink.ValueFormat)})";
            stream += $".MapValues((key, row) => row.{stage.Value.Fields[0]} is null ? ({valueType})null : row)";
        }

        var key = KeySerde(stage.Key, sink.KeyFormat, stage.Window);
        Statement(
            $"INTO {sink.Name}",
            $"{stream}.To({CSharpTypes.Literal(sink.Topic)}, Produced<{stage.KeyType}, {valueType}>.With({key}, {serde}));");
    }

    // Keys that are written with their names, and keys that are not written at all, may differ from the query's.
    private Stage WriteSinkKey(Stage stage, DataSource sink)
    {
        var columns = sink.KeyColumns.Select(c => new PlanColumn(c.Name, c.Type)).ToList();
        var key = KeyStruct(CSharpTypes.Pascal(sink.Name) + "Key", columns, sink.KeyFormat);
        if (columns.Count > 0 && (key.Name == stage.Key.Name || sink.KeyFormat.Unwrapped))
        {
            return stage;
        }

        var source = stage.Window is null ? "key" : "key.Key";
        var fields = key.Fields.Select((f, i) => $"{f} = k.{stage.Key.Fields[i]}");
        var made = columns.Count == 0 ? $"({key.Name}?)null"
            : $"{source} is {{ }} k ? ({key.Name}?)new {key.Name} {{ {string.Join(", ", fields)} }} : null";
        var select = stage.Window is null ? made : $"new Windowed<{key.Name}?>({made}, key.Window)";
        var variable = Variable("output");
        var stream = stage.IsTable ? $"{stage.Variable}.ToStream()" : stage.Variable;
        Statement("", $"var {variable} = {stream}.SelectKey((key, row) => {select});");
        return stage with { Variable = variable, IsTable = false, Key = key };
    }

    private void WriteOutput(Stage stage)
    {
        var stream = stage.IsTable ? $"{stage.Variable}.ToStream()" : stage.Variable;
        var values = string.Join(", ", stage.Value.Fields.Select(f => $"row.{f}"));
        var keys = _plan.Input.Schema.Key.Select(k => k.Name).ToHashSet(StringComparer.Ordinal);
        var tombstone = string.Join(", ", stage.Value.Columns.Select(c => keys.Contains(c.Name) ? stage.Access(c.Name) : "null"));
        if (stage.Columns.Count > 0)
        {
            tombstone = string.Join(", ", stage.Value.Columns.Select((c, i) =>
                keys.Contains(c.Name) ? KeyAccess(stage, c.Name) : "null"));
        }

        Statement(
            "EMIT",
            $"{stream}.ProcessValues(() => new OutputProcessor<{stage.KeyType}, {stage.ValueType}>((key, row, hasValue) => "
            + $"sql.Emit(hasValue ? new object?[] {{ {values} }} : new object?[] {{ {tombstone} }}, !hasValue)));");
    }

    private string KeyAccess(Stage stage, string column)
    {
        var index = _plan.Input.Schema.Key.ToList().FindIndex(k => k.Name == column);
        return $"{(stage.Window is null ? "key" : "key.Key")}?.{stage.Key.Fields[index]}";
    }
}
