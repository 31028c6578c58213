using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Execution;

/// <summary>Between statements and the schema registry: columns that are not declared, schemas of topics that are.</summary>
/// <param name="registry">The registry; null when none is configured.</param>
/// <param name="property">Looks up a session or server property.</param>
internal sealed class RegistryColumns(ISchemaRegistry? registry, Func<string, string?> property)
{
    /// <summary>The columns of the sides that declare none and whose format has schemas.</summary>
    /// <exception cref="SqlException">A schema is missing, of another kind, or given together with columns.</exception>
    public InferredColumns Infer(CreateSource statement)
    {
        var properties = new WithProperties(statement.Properties, statement.Span);
        var key = Infer(statement, properties, isKey: true, out var keyUnwrapped);
        var value = Infer(statement, properties, isKey: false, out var valueUnwrapped);
        return new InferredColumns([.. key, .. value], keyUnwrapped, valueUnwrapped);
    }

    /// <summary>Registers the schemas of a declared stream or table, unless its subjects have some.</summary>
    public void RegisterDeclared(DataSource source)
    {
        foreach (var (spec, columns, isKey) in Sides(source))
        {
            var subject = RegistrySchemas.Subject(source.Topic, isKey);
            if (spec.SchemaId is null && registry!.Latest(subject) is null)
            {
                registry.Register(subject, RegistrySchemas.Generate(spec, columns, source.Name, isKey));
            }
        }
    }

    /// <summary>Registers the schemas of a query's sink.</summary>
    /// <exception cref="SqlException">The sink's columns do not fit the schema that its id names.</exception>
    public void RegisterSink(DataSource sink, SourceSpan span)
    {
        foreach (var (spec, columns, isKey) in Sides(sink))
        {
            var subject = RegistrySchemas.Subject(sink.Topic, isKey);
            if (spec.SchemaId is not { } id)
            {
                registry!.Register(subject, RegistrySchemas.Generate(spec, columns, sink.Name, isKey));
                continue;
            }

            var known = registry!.ById(id) ?? throw Wrong(span, $"The schema registry has no schema {id}.");
            var wanted = Columns(known.Schema, spec, isKey, upperCase: false, span, out _);
            var fits = columns.Count <= wanted.Count && columns.Columns.SequenceEqual(wanted.Columns.Take(columns.Count));
            if (!fits)
            {
                throw Wrong(span, $"The columns {columns} are no beginning of those of schema {id}: {wanted}.");
            }

            registry.Register(subject, known.Schema);
        }
    }

    private IEnumerable<(FormatSpec Spec, RowSchema Columns, bool IsKey)> Sides(DataSource source)
    {
        if (registry is not null && source.KeySchema is { Count: > 0 } key && RegistrySchemas.KindOf(source.KeyFormat.Name) is not null)
        {
            yield return (source.KeyFormat, key, true);
        }

        if (registry is not null && source.ValueSchema is { Count: > 0 } value
            && RegistrySchemas.KindOf(source.ValueFormat.Name) is not null)
        {
            yield return (source.ValueFormat, value, false);
        }
    }

    private IEnumerable<SourceColumn> Infer(CreateSource statement, WithProperties properties, bool isKey, out bool? unwrapped)
    {
        unwrapped = null;
        var side = isKey ? "KEY" : "VALUE";
        var declared = statement.Columns?.Any(c =>
            c.Role is not (ColumnRole.Header or ColumnRole.Headers)
                && isKey == (c.Role is ColumnRole.Key or ColumnRole.PrimaryKey)) == true;
        var format = (properties.Text($"{side}_FORMAT") ?? properties.Text("FORMAT")
            ?? property(isKey ? "ksql.persistence.default.format.key" : "ksql.persistence.default.format.value"))?.ToUpperInvariant();
        var id = (int?)properties.Number($"{side}_SCHEMA_ID");
        var span = id is null ? statement.Span : properties.SpanOf($"{side}_SCHEMA_ID");
        if (format is null || RegistrySchemas.KindOf(format) is null)
        {
            return id is null ? [] : throw Wrong(span, $"{side}_SCHEMA_ID needs a format with schemas, and {format} has none.");
        }

        if (declared)
        {
            return id is null ? [] : throw Wrong(span, $"{side}_SCHEMA_ID gives the columns, so the statement cannot declare them.");
        }

        var topic = properties.Text("KAFKA_TOPIC");
        var subject = RegistrySchemas.Subject(topic ?? string.Empty, isKey);
        var known = id is { } given ? registry?.ById(given) : registry?.Latest(subject);
        if (known is null)
        {
            throw Wrong(span, id is null
                ? $"The schema registry has no schema for {subject}."
                : $"The schema registry has no schema {id}.");
        }

        var spec = new FormatSpec(format) { SchemaFullName = properties.Text($"{side}_SCHEMA_FULL_NAME") };
        var columns = Columns(known.Schema, spec, isKey, upperCase: id is null, span, out var bare);
        unwrapped = bare;
        var role = isKey ? SourceColumnRole.Key : SourceColumnRole.Value;
        return columns.Columns.Select(c => new SourceColumn(c.Name, c.Type, role));
    }

    private static RowSchema Columns(
        SchemaText schema, FormatSpec spec, bool isKey, bool upperCase, SourceSpan span, out bool unwrapped)
    {
        try
        {
            return RegistrySchemas.Infer(schema, spec, isKey, upperCase, out unwrapped);
        }
        catch (ConfigurationException e)
        {
            throw Wrong(span, e.Message);
        }
    }

    private static SqlException Wrong(SourceSpan span, string message) => new(SqlErrors.BadFormat, span, message);
}

/// <summary>Columns read from the schema registry.</summary>
/// <param name="Columns">Key columns, then value columns.</param>
/// <param name="KeyUnwrapped">Whether the key's schema is that of a bare value; null when no key was inferred.</param>
/// <param name="ValueUnwrapped">Whether the value's schema is that of a bare value; null when no value was inferred.</param>
internal sealed record InferredColumns(IReadOnlyList<SourceColumn> Columns, bool? KeyUnwrapped, bool? ValueUnwrapped)
{
    /// <summary>The source with the formats that fit the schemas.</summary>
    public DataSource Apply(DataSource source) => source with
    {
        KeyFormat = KeyUnwrapped is { } key ? source.KeyFormat with { Unwrapped = key } : source.KeyFormat,
        ValueFormat = ValueUnwrapped is { } value ? source.ValueFormat with { Unwrapped = value } : source.ValueFormat,
    };
}
