using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Formats;

namespace StreamFlow.Sql.Catalog;

/// <summary>Chooses and checks the formats of a stream or table.</summary>
/// <param name="properties">The WITH clause.</param>
/// <param name="property">Looks up a session or server property.</param>
internal sealed class SourceFormats(WithProperties properties, Func<string, string?> property)
{
    /// <summary>The key's format.</summary>
    /// <param name="columns">The key's columns.</param>
    /// <param name="inherited">The format of the left-most source, for a query's sink.</param>
    public FormatSpec Key(IReadOnlyList<SourceColumn> columns, FormatSpec? inherited)
    {
        var given = properties.Text("KEY_FORMAT") ?? properties.Text("FORMAT");
        var span = properties.SpanOf(properties.Has("KEY_FORMAT") ? "KEY_FORMAT" : "FORMAT");
        var fallback = property("ksql.persistence.default.format.key") ?? "KAFKA";
        if (columns.Count == 0)
        {
            _ = given is null ? null : Traits(given, span);

            // A declared stream may name a format for keys it does not look at; a query's result has none to name.
            var explicitFormat = inherited is null ? null : properties.Text("KEY_FORMAT");
            return explicitFormat is null || Traits(explicitFormat, span).Name == "NONE"
                ? new FormatSpec("NONE")
                : throw new SqlException(SqlErrors.BadProperty, span, "KEY_FORMAT is given, but there is no key column.");
        }

        var name = given ?? (inherited is null or { Name: "NONE" } ? fallback : inherited.Name);
        var traits = Traits(name, span);
        if (traits.Name == "NONE")
        {
            throw new SqlException(SqlErrors.BadFormat, span, "NONE holds no columns, but there is a key.");
        }

        CheckHolds(traits, columns, traits.MultiColumnKeys, "key");
        CheckNames(traits, columns);
        var spec = given is null && inherited?.Name == traits.Name ? inherited : new FormatSpec(traits.Name);
        return spec with
        {
            Unwrapped = columns.Count == 1 && traits.CanUnwrap,
            Delimiter = Delimiter("KEY_DELIMITER", traits) ?? spec.Delimiter,
            SchemaId = (int?)properties.Number("KEY_SCHEMA_ID"),
            SchemaFullName = FullName("KEY_SCHEMA_FULL_NAME", traits),
            NullableRepresentation = properties.Text("KEY_PROTOBUF_NULLABLE_REPRESENTATION"),
        };
    }

    /// <summary>The format a declared source names although it has no key; null when it has one, or names none.</summary>
    public FormatSpec? KeyOfQueries(IReadOnlyList<SourceColumn> columns) =>
        columns.Count == 0 && (properties.Text("KEY_FORMAT") ?? properties.Text("FORMAT")) is { } name
            ? new FormatSpec(name.ToUpperInvariant())
            : null;

    /// <summary>The value's format.</summary>
    /// <param name="columns">The value's columns.</param>
    /// <param name="inherited">The format of the left-most source, for a query's sink.</param>
    public FormatSpec Value(IReadOnlyList<SourceColumn> columns, FormatSpec? inherited)
    {
        var given = properties.Text("VALUE_FORMAT") ?? properties.Text("FORMAT");
        var span = properties.SpanOf(properties.Has("VALUE_FORMAT") ? "VALUE_FORMAT" : "FORMAT");
        var name = given ?? inherited?.Name ?? property("ksql.persistence.default.format.value") ?? throw new SqlException(
            SqlErrors.BadProperty, properties.Span, "WITH lacks VALUE_FORMAT.", "VALUE_FORMAT = 'JSON'");
        var traits = Traits(name, span);
        if (!traits.Values)
        {
            throw new SqlException(SqlErrors.BadFormat, span, $"{traits.Name} is no format for values.");
        }

        CheckHolds(traits, columns, traits.MultiColumnValues, "value");
        CheckNames(traits, columns);
        var spec = given is null && inherited is not null ? inherited with { SchemaId = null } : new FormatSpec(traits.Name);
        return spec with
        {
            Unwrapped = IsUnwrapped(traits, columns.Count),
            Delimiter = Delimiter("VALUE_DELIMITER", traits) ?? spec.Delimiter,
            SchemaId = (int?)properties.Number("VALUE_SCHEMA_ID"),
            SchemaFullName = FullName("VALUE_SCHEMA_FULL_NAME", traits) ?? FullName("VALUE_AVRO_SCHEMA_FULL_NAME", traits),
            NullableRepresentation = properties.Text("VALUE_PROTOBUF_NULLABLE_REPRESENTATION") ?? spec.NullableRepresentation,
        };
    }

    /// <summary>Whether a single value column is wrapped, where the statement or the configuration says so; else null.</summary>
    /// <param name="columns">Number of value columns.</param>
    /// <param name="format">The value's format.</param>
    public bool? WrapSingleValue(int columns, FormatSpec format)
    {
        var isOpen = columns == 1 && FormatTraits.Find(format.Name) is { CanWrap: true, CanUnwrap: true };
        return properties.Boolean("WRAP_SINGLE_VALUE")
            ?? (isOpen && bool.TryParse(property("ksql.persistence.wrap.single.values"), out var wraps) ? wraps : null);
    }

    private bool IsUnwrapped(FormatTraits traits, int columns)
    {
        var given = properties.Boolean("WRAP_SINGLE_VALUE");
        var span = properties.SpanOf("WRAP_SINGLE_VALUE");
        if (given is not null && columns != 1)
        {
            throw new SqlException(SqlErrors.BadProperty, span, "WRAP_SINGLE_VALUE is for values of one column.");
        }

        if (given is { } wrap && (wrap ? !traits.CanWrap : !traits.CanUnwrap))
        {
            throw new SqlException(SqlErrors.BadProperty, span, $"{traits.Name} does not support WRAP_SINGLE_VALUE={wrap}.");
        }

        if (columns != 1 || !traits.CanUnwrap)
        {
            return false;
        }

        var wraps = given ?? !string.Equals(property("ksql.persistence.wrap.single.values"), "false", StringComparison.OrdinalIgnoreCase);
        return !wraps || !traits.CanWrap;
    }

    private char? Delimiter(string name, FormatTraits traits)
    {
        var delimiter = properties.Delimiter(name);
        return delimiter is null || traits.Name == "DELIMITED"
            ? delimiter
            : throw new SqlException(SqlErrors.BadProperty, properties.SpanOf(name), $"{name} is for DELIMITED, not for {traits.Name}.");
    }

    private string? FullName(string name, FormatTraits traits)
    {
        var text = properties.Text(name);
        if (text is not null && (string.IsNullOrWhiteSpace(text) || !traits.HasSchemaNames))
        {
            throw new SqlException(SqlErrors.BadProperty, properties.SpanOf(name), string.IsNullOrWhiteSpace(text)
                ? $"{name} is empty."
                : $"{traits.Name} has no schema names.");
        }

        return text;
    }

    private static FormatTraits Traits(string name, SourceSpan span) => FormatTraits.Find(name) ?? throw new SqlException(
        SqlErrors.BadFormat, span, $"There is no format {name}.", NearestName.Hint(name, FormatTraits.All.Select(f => f.Name)));

    private void CheckNames(FormatTraits traits, IReadOnlyList<SourceColumn> columns)
    {
        if (columns.FirstOrDefault(c => !traits.HoldsName(c.Name)) is { } bad)
        {
            throw new SqlException(
                SqlErrors.BadFormat, properties.Span, $"{traits.Name} cannot hold a column called {bad.Name}.",
                    "start with a letter or _, go on with letters, digits and _");
        }
    }

    private void CheckHolds(FormatTraits traits, IReadOnlyList<SourceColumn> columns, bool several, string side)
    {
        if (columns.Count > 1 && !several)
        {
            throw new SqlException(
                SqlErrors.BadFormat, properties.Span, $"A {traits.Name} {side} has one column, but there are {columns.Count}.");
        }

        if (columns.FirstOrDefault(c => !traits.Holds(c.Type)) is { } bad)
        {
            throw new SqlException(SqlErrors.BadFormat, properties.Span, $"{traits.Name} cannot hold {bad.Name} {bad.Type}.");
        }
    }
}
