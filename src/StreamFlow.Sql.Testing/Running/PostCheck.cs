using System.Text.Json;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Parsing;
using StreamFlow.Sql.Testing.Cases;

namespace StreamFlow.Sql.Testing.Running;

/// <summary>Checks the post-conditions of a case (FORMAT.md, section 8).</summary>
internal sealed class PostCheck(SqlCase test, SqlEngine engine, TestRuntime runtime, ISchemaRegistry registry)
{
    public void Run()
    {
        if (test.Post is not { } post)
        {
            return;
        }

        foreach (var source in Items(post, "sources"))
        {
            CheckSource(source);
        }

        if (post.TryGetProperty("noRepartition", out var none) && none.ValueKind == JsonValueKind.True
            && runtime.Queries.Any(q =>
                q.Topology.Topology.RepartitionTopics.Any(t => t.Name.EndsWith("-repartition", StringComparison.Ordinal))))
        {
            throw new CaseFailedException("post: a query has a repartition topic, expected none");
        }

        foreach (var topic in Items(post, "topics"))
        {
            CheckTopic(topic);
        }
    }

    private void CheckSource(JsonElement expected)
    {
        var name = expected.GetProperty("name").GetString()!;
        var source = engine.Catalog.Find(name) ?? throw new CaseFailedException($"post: expected source {name}, which does not exist");
        if (Text(expected, "type") is { } type)
        {
            Same(name + " type", type, source.IsTable ? "TABLE" : "STREAM");
        }

        if (Text(expected, "schema") is { } schema)
        {
            Same(name + " schema", Columns(schema), string.Join(", ", source.Columns.Select(c => Describe(c))));
        }

        if (expected.TryGetProperty("keyFormat", out var key) && key.ValueKind == JsonValueKind.Object)
        {
            CheckKeyFormat(name, key, source);
        }

        if (Format(expected, "valueFormat") is { } value)
        {
            Same(name + " value format", value, source.ValueFormat.Name);
        }

        CheckFeatures(name + " key features", expected, "keyFeatures", source.KeyFormat, source, isKey: true);
        CheckFeatures(name + " value features", expected, "valueFeatures", source.ValueFormat, source, isKey: false);
        if (expected.TryGetProperty("isSource", out var isSource) && isSource.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            Same(name + " isSource", isSource.GetBoolean().ToString(), source.IsSource.ToString());
        }
    }

    private static void CheckKeyFormat(string name, JsonElement expected, DataSource source)
    {
        if (Text(expected, "format") is { } format)
        {
            Same(name + " key format", format, source.KeyFormat.Name);
        }

        Same(name + " window", Text(expected, "windowType") ?? "none", source.Window?.Type ?? "none");
        if (expected.TryGetProperty("windowSize", out var size) && size.ValueKind == JsonValueKind.Number)
        {
            Same(name + " window size", size.GetRawText(), source.Window?.SizeMs?.ToString() ?? "none");
        }
    }

    private void CheckTopic(JsonElement expected)
    {
        var name = expected.GetProperty("name").GetString()!;
        var topic = runtime.Find(name) ?? throw new CaseFailedException($"post: expected topic {name}, which does not exist");
        if (expected.TryGetProperty("partitions", out var partitions) && partitions.ValueKind == JsonValueKind.Number)
        {
            Same(name + " partitions", partitions.GetRawText(), topic.Description.Partitions.ToString());
        }

        if (engine.Catalog.Sources.FirstOrDefault(s => s.Topic == name) is { } source)
        {
            CheckSideOfTopic(name, expected, "key", source.KeyFormat, source);
            CheckSideOfTopic(name, expected, "value", source.ValueFormat, source);
        }
    }

    private void CheckSideOfTopic(string topic, JsonElement expected, string side, FormatSpec format, DataSource source)
    {
        if (expected.TryGetProperty(side + "Format", out var wanted) && wanted.ValueKind == JsonValueKind.Object)
        {
            Same($"{topic} {side} format", Text(wanted, "format") ?? format.Name, format.Name);
            CheckFeatures($"{topic} {side} features", wanted, "features", format, source, side == "key");
        }

        if (expected.TryGetProperty(side + "Schema", out var schema) && schema.ValueKind != JsonValueKind.Null)
        {
            var actual = registry.Latest($"{topic}-{side}")?.Schema.Text;
            var text = schema.ValueKind == JsonValueKind.String ? schema.GetString()! : schema.GetRawText();
            Same($"{topic} {side} schema", Normal(text), actual is null ? "none" : Normal(actual));
        }
    }

    private static void CheckFeatures(string what, JsonElement expected, string field, FormatSpec format, DataSource source, bool isKey)
    {
        if (!expected.TryGetProperty(field, out var features) || features.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var traits = FormatTraits.Find(format.Name)!;
        var count = isKey ? source.KeyColumns.Count() : source.ValueColumns.Count();
        var actual = new SortedSet<string>(StringComparer.Ordinal);
        if (count == 1 && isKey && traits is { CanWrap: true, CanUnwrap: true })
        {
            actual.Add("UNWRAP_SINGLES");
        }
        else if (count == 1 && !isKey && source.WrapSingleValue is { } wrap)
        {
            actual.Add(wrap ? "WRAP_SINGLES" : "UNWRAP_SINGLES");
        }

        var wanted = features.EnumerateArray().Select(f => f.GetString()).Order(StringComparer.Ordinal);
        Same(what, string.Join(",", wanted), string.Join(",", actual));
    }

    // The texts write KEY for tables, too. "ID STRING KEY, V INT" is read by the dialect's own parser,
    // so that spelling does not matter.
    private static string Columns(string schema)
    {
        var statement = (Ast.CreateSource)SqlParser.ParseStatement($"CREATE STREAM X ({schema}) WITH (kafka_topic='x');").Statement;
        var types = new SqlCatalog();
        return string.Join(", ", statement.Columns!.Select(c => $"`{c.Name}` {types.Resolve(c.Type)}{Role(c)}"));
    }

    private static string Role(Ast.ColumnDefinition column) => column.Role switch
    {
        Ast.ColumnRole.Key or Ast.ColumnRole.PrimaryKey => " KEY",
        Ast.ColumnRole.Header => column.HeaderKey is null ? " HEADERS" : $" HEADER({column.HeaderKey})",
        _ => string.Empty,
    };

    private static string Describe(SourceColumn column) => $"`{column.Name}` {column.Type}" + column.Role switch
    {
        SourceColumnRole.Key => " KEY",
        SourceColumnRole.Header => column.HeaderKey is null ? " HEADERS" : $" HEADER({column.HeaderKey})",
        _ => string.Empty,
    };

    private static string? Format(JsonElement element, string name) => element.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Object => Text(value, "format"),
            _ => null,
        }
        : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : [];

    private static string Normal(string schema) => string.Concat(schema.Where(c => !char.IsWhiteSpace(c)));

    private static void Same(string what, string expected, string actual)
    {
        if (expected != actual)
        {
            throw new CaseFailedException($"post: {what} expected {expected} actual {actual}");
        }
    }
}
