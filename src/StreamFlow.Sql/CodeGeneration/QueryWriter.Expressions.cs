using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.CodeGeneration;

internal sealed partial class QueryWriter
{
    private readonly SourceText _late = new();

    private ExpressionWriter Writer(Stage stage) => new(_types, _constants, stage.Access);

    /// <summary>An expression over <c>key</c> and <c>row</c>: inline, or as a call of a method when it can fail.</summary>
    private string Inline(NamedExpression expression, Stage stage) => ExpressionWriter.CanFail(expression.Value)
        ? $"{WriteMethod(expression.Name, expression.Value, stage, expression.Sql)}(key, row)"
        : Writer(stage).Write(expression.Value);

    private string NewRow(RowStruct row, IReadOnlyList<NamedExpression> values, Stage stage, string suffix) =>
        $"new {row.Name} {{ {string.Join(", ", values.Select((v, i) => $"{row.Fields[i]} = {Inline(v, stage)}"))} }}{suffix}";

    /// <summary>
    /// A new key: null when its only column is null, so that records without a key and with a null key are the same.
    /// </summary>
    private string NewKey(RowStruct key, IReadOnlyList<NamedExpression> keys, Stage stage, bool allRequired = false)
    {
        var made = $"({key.Name}?)new {key.Name}";
        if (keys.Count == 1)
        {
            var type = _types.Nullable(keys[0].Value.KnownType);
            return $"({type}){Inline(keys[0], stage)} is {{ }} k ? {made} {{ {key.Fields[0]} = k }} : null";
        }

        if (!allRequired)
        {
            return $"{made} {{ {string.Join(", ", keys.Select((k, i) => $"{key.Fields[i]} = {Inline(k, stage)}"))} }}";
        }

        var tests = keys.Select((k, i) => $"({_types.Nullable(k.Value.KnownType)}){Inline(k, stage)} is {{ }} k{i}");
        var fields = keys.Select((_, i) => $"{key.Fields[i]} = k{i}");
        return $"{string.Join(" && ", tests)} ? {made} {{ {string.Join(", ", fields)} }} : null";
    }

    private string WriteMethod(string name, BoundExpression value, Stage stage, string sql) =>
        WriteMethod(name, value, stage, sql, _types.Nullable(value.KnownType), _methods);

    /// <summary>
    /// Writes a method that evaluates an expression; a failure is logged and gives null. Parts that fail alone become methods, too.
    /// </summary>
    private string WriteMethod(
        string name,
        BoundExpression value,
        Stage stage,
        string sql,
        string type,
        SourceText target,
        IReadOnlyList<BoundParameter>? lambdaParameters = null)
    {
        var parameters = lambdaParameters ?? [];
        var method = Name("Eval_" + CSharpTypes.Identifier(name).TrimStart('@'));
        var writer = new ExpressionWriter(_types, _constants, stage.Access, (part, around) =>
            $"{WriteMethod(PartName(part), part, stage, sql, _types.Nullable(part.KnownType), target, [.. around])}(key, row"
            + $"{string.Concat(around.Select(p => ", " + CSharpTypes.Identifier(p.Name)))})");
        var code = writer.WriteWhole(value, parameters);
        var more = string.Concat(parameters.Select(p => $", {_types.Nullable(p.ParameterType)} {CSharpTypes.Identifier(p.Name)}"));
        target.Line();
        target.Indented(() =>
        {
            target.Comment(sql);
            target.Open($"private {type} {method}({stage.KeyType} key, {stage.ValueType} row{more})");
            target.Open("try");
            target.Line($"return {code};");
            target.Close();
            target.Open("catch (Exception e)");
            target.Line($"sql.Failed({CSharpTypes.Literal(sql)}, e);");
            target.Line("return null;");
            target.Close();
            target.Close();
        });
        return method;
    }

    private static string PartName(BoundExpression part) => part switch
    {
        BoundCall call => call.Call.Name,
        BoundCast cast => $"CAST_{cast.Target.BaseType}",
        _ => "PART",
    };

    // Methods written while another one is being written.
    private void FlushLate()
    {
        _methods.Append(_late);
        _late.Clear();
    }

    /// <summary>The format's specification as C#.</summary>
    internal static string Spec(Formats.FormatSpec format)
    {
        var options = new List<string>();
        if (format.Unwrapped)
        {
            options.Add("Unwrapped = true");
        }

        if (format.Delimiter is { } delimiter)
        {
            options.Add($"Delimiter = {Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(delimiter, quote: true)}");
        }

        if (format.SchemaId is { } id)
        {
            options.Add($"SchemaId = {id}");
        }

        if (format.SchemaFullName is { } name)
        {
            options.Add($"SchemaFullName = {CSharpTypes.Literal(name)}");
        }

        if (format.NullableRepresentation is { } representation)
        {
            options.Add($"NullableRepresentation = {CSharpTypes.Literal(representation)}");
        }

        return $"new FormatSpec(\"{format.Name}\")" + (options.Count == 0 ? "" : $" {{ {string.Join(", ", options)} }}");
    }

    private static string KeySerde(RowStruct key, Formats.FormatSpec format, Catalog.WindowSpec? window)
    {
        var inner = $"sql.Key<{key.Name}>({Spec(format)})";
        return window switch
        {
            null => inner,
            { SizeMs: { } size } => $"WindowedSerdes.Time({inner}, TimeSpan.FromMilliseconds({size}))",
            _ => $"WindowedSerdes.Session({inner})",
        };
    }

    private static string StateSerde(RowStruct value) => $"SqlQueryContext.State<{value.Name}>()";

    private string Materialized(Stage stage, string storeName) => Materialized(stage.KeyType, stage.Value, storeName);

    private string Materialized(string keyType, RowStruct value, string storeName) =>
        $"Materialized<{keyType}, {value.Name}>.As(\"{storeName}\").WithValueSerde({StateSerde(value)})"
        + (_context.CoalescesUpdates ? ".WithCoalescedUpdates()" : "");
}
