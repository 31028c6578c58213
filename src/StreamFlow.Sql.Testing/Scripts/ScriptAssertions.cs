using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Testing.Cases;
using StreamFlow.Sql.Testing.Encoding;
using StreamFlow.Sql.Testing.Running;
using StreamFlow.Sql.Testing.Values;

namespace StreamFlow.Sql.Testing.Scripts;

/// <summary>Checks ASSERT VALUES, NULL VALUES, STREAM and TABLE; ASSERT TOPIC and SCHEMA are the engine's.</summary>
internal sealed class ScriptAssertions(SqlEngine engine, TestRuntime runtime, ISchemaRegistry registry, SqlSession session)
{
    private readonly Dictionary<string, int> _asserted = new(StringComparer.Ordinal);

    /// <summary>Checks the statement if it is an assertion of a script; else false.</summary>
    /// <exception cref="CaseFailedException">The assertion does not hold.</exception>
    public async Task<bool> CheckAsync(Statement statement, CancellationToken cancellationToken)
    {
        switch (statement)
        {
            case AssertValues values:
                await CheckAsync(values, cancellationToken).ConfigureAwait(false);
                return true;
            case AssertSource source:
                Check(source);
                return true;
            default:
                return false;
        }
    }

    private async Task CheckAsync(AssertValues assertion, CancellationToken cancellationToken)
    {
        var source = Require(assertion.Source);
        var names = assertion.Columns?.ToList() ?? [.. (assertion.Tombstone ? source.KeyColumns : source.Columns).Select(c => c.Name)];
        var expected = await ExpectedAsync(assertion, source, names, cancellationToken).ConfigureAwait(false);
        var records = runtime.Find(source.Topic)?.Records ?? [];
        var index = _asserted.GetValueOrDefault(source.Name);
        var actual = index < records.Count
            ? Row(source, records[index], source.Window)
            : throw new CaseFailedException($"{source.Name}[{index}] expected {Show(expected, names)} actual no record");
        _asserted[source.Name] = index + 1;
        var compared = assertion.Tombstone ? source.KeyColumns.Select(c => c.Name) : names;
        var holds = assertion.Tombstone == (records[index].Value is null)
            && compared.All(n => expected[n].ToString() == actual[n].ToString());
        if (!holds)
        {
            throw new CaseFailedException($"{source.Name}[{index}] expected {Show(expected, names)}"
                + $"{(assertion.Tombstone ? " deleted" : "")} actual {Show(actual, actual.Keys)}"
                + $"{(records[index].Value is null ? " deleted" : "")}");
        }
    }

    // What INSERT would write for the values: so literals mean the same in both statements.
    private async Task<Dictionary<string, ActualValue>> ExpectedAsync(
        AssertValues assertion, DataSource source, List<string> names, CancellationToken cancellationToken)
    {
        if (names.Count != assertion.Values.Count)
        {
            throw new CaseFailedException($"there are {names.Count} columns, but {assertion.Values.Count} values");
        }

        var given = names.Zip(assertion.Values).ToList();
        var bounds = given.Where(g => g.First is "WINDOWSTART" or "WINDOWEND").ToList();
        var insert = new InsertValues(
            assertion.Span,
            source.Name,
            given.Except(bounds).Select(g => g.First).ToAstList(),
            given.Except(bounds).Select(g => g.Second).ToAstList());
        var record = await runtime.InterceptAsync(async () =>
        {
            engine.Catalog.Put(source with { Window = null, IsSource = false });
            try
            {
                var sql = SqlPrinter.Print(insert);
                await foreach (var result in engine.ExecuteAsync(sql, session, cancellationToken).ConfigureAwait(false))
                {
                    _ = result;
                }
            }
            finally
            {
                engine.Catalog.Put(source);
            }
        }).ConfigureAwait(false);
        var row = Row(source, record, window: null);
        foreach (var (name, value) in bounds)
        {
            row[name] = new NumberValue(NumberKind.Integer, value.ToString());
        }

        return row;
    }

    private Dictionary<string, ActualValue> Row(DataSource source, SqlRecord record, WindowSpec? window)
    {
        var row = new Dictionary<string, ActualValue>(StringComparer.Ordinal) { ["ROWTIME"] = ActualValue.Integer(record.Timestamp) };
        var key = record.Key;
        if (key is not null && window is not null)
        {
            (key, var bounds) = WindowedKeys.Unwrap(key, window.SizeMs);
            row["WINDOWSTART"] = ActualValue.Integer(bounds.Start);
            row["WINDOWEND"] = ActualValue.Integer(bounds.End);
        }

        Add(row, [.. source.KeyColumns], key is null ? ActualValue.Null : TopicCodecs.Key(source, registry).Decode(key));
        Add(row, [.. source.ValueColumns],
            record.Value is null ? ActualValue.Null : TopicCodecs.Value(source, registry).Decode(record.Value));
        return row;
    }

    // Delimited text is compared column by column, too.
    private static void Add(Dictionary<string, ActualValue> row, List<SourceColumn> columns, ActualValue side)
    {
        var texts = side is TextValue { Value: var text } && columns.Count > 1 ? text.Split(',') : null;
        for (var i = 0; i < columns.Count; i++)
        {
            row[columns[i].Name] = side switch
            {
                ObjectValue fields => fields.Find(columns[i].Name) ?? (columns.Count == 1 ? side : ActualValue.Null),
                _ when texts is not null => i < texts.Length ? new TextValue(texts[i]) : ActualValue.Null,
                _ => columns.Count == 1 ? side : ActualValue.Null,
            };
        }
    }

    private void Check(AssertSource assertion)
    {
        var source = Require(assertion.Name);
        Same("kind", assertion.Kind == SourceKind.Table ? "TABLE" : "STREAM", source.IsTable ? "TABLE" : "STREAM");
        if (assertion.Columns is { } columns)
        {
            Same(
                "columns",
                string.Join(", ", columns.Select(c => $"{c.Name} {engine.Catalog.Resolve(c.Type)}{Role(c.Role == ColumnRole.Value)}")),
                string.Join(", ", source.Columns.Select(c => $"{c.Name} {c.Type}{Role(c.Role == SourceColumnRole.Value)}")));
        }

        foreach (var property in assertion.Properties)
        {
            var expected = property.Value is StringLiteral text ? text.Value : property.Value.ToString();
            Same(property.Name, expected, Property(source, property.Name));
        }

        void Same(string what, string expected, string actual)
        {
            if (!expected.Equals(actual, StringComparison.OrdinalIgnoreCase))
            {
                throw new CaseFailedException($"{source.Name} {what} expected {expected} actual {actual}");
            }
        }
    }

    private static string Role(bool isValue) => isValue ? "" : " KEY";

    private static string Property(DataSource source, string name) => name switch
    {
        "KAFKA_TOPIC" => source.Topic,
        "KEY_FORMAT" => source.KeyFormat.Name,
        "VALUE_FORMAT" => source.ValueFormat.Name,
        "FORMAT" => source.KeyFormat.Name == source.ValueFormat.Name ? source.ValueFormat.Name : "several",
        "TIMESTAMP" => source.TimestampColumn ?? "none",
        "TIMESTAMP_FORMAT" => source.TimestampFormat ?? "none",
        "WINDOW_TYPE" => source.Window?.Type ?? "none",
        _ => throw new CaseFailedException($"ASSERT does not compare {name}"),
    };

    private DataSource Require(string name) =>
        engine.Catalog.Find(name) ?? throw new CaseFailedException($"there is no stream or table {name}");

    private static string Show(Dictionary<string, ActualValue> row, IEnumerable<string> names) =>
        $"({string.Join(", ", names.Select(n => $"{n}: {row[n]}"))})";
}
