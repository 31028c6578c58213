using StreamFlow.Core.Errors;
using StreamFlow.Sql.Formats.Avro;
using StreamFlow.Sql.Formats.JsonSchema;
using StreamFlow.Sql.Formats.Protobuf;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Formats.Registry;

/// <summary>Between columns and the schemas of the registry: generated schemas for topics, inferred columns for statements.</summary>
public static class RegistrySchemas
{
    /// <summary>The subject of one side of a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="isKey">Key or value.</param>
    public static string Subject(string topic, bool isKey) => topic + (isKey ? "-key" : "-value");

    /// <summary>The kind of schema a format uses; null for formats without the registry.</summary>
    /// <param name="format">The format's name.</param>
    public static SchemaKind? KindOf(string format) => format switch
    {
        "AVRO" => SchemaKind.Avro,
        "PROTOBUF" => SchemaKind.Protobuf,
        "JSON_SR" => SchemaKind.Json,
        _ => null,
    };

    /// <summary>The schema that stands for columns, in the registry's usual conventions.</summary>
    /// <param name="spec">The format.</param>
    /// <param name="columns">The columns of the side.</param>
    /// <param name="source">Name of the stream or table, which a key's Avro record is named after.</param>
    /// <param name="isKey">Key or value.</param>
    /// <exception cref="ConfigurationException">The format has no schemas.</exception>
    public static SchemaText Generate(FormatSpec spec, RowSchema columns, string source, bool isKey) => KindOf(spec.Name) switch
    {
        SchemaKind.Avro =>
            new SchemaText(SchemaKind.Avro, AvroSchemas.Generate(columns, spec.Unwrapped, spec.SchemaFullName ?? AvroName(source, isKey))),
        SchemaKind.Protobuf => new SchemaText(SchemaKind.Protobuf, ProtoSchemas.Generate(columns, spec)),
        SchemaKind.Json => new SchemaText(SchemaKind.Json, JsonSchemas.Generate(columns, spec.Unwrapped)),
        _ => throw new ConfigurationException($"Format {spec.Name} has no schemas."),
    };

    /// <summary>The columns of a schema; types that SQL has not are left out.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="spec">The format; its SchemaFullName picks a message of a Protobuf schema.</param>
    /// <param name="isKey">Key or value: names the column of a schema that is no record, ROWKEY or ROWVAL.</param>
    /// <param name="upperCase">Whether names become upper-case (they do unless a schema id was given).</param>
    /// <param name="unwrapped">Whether the schema was that of a bare value.</param>
    /// <exception cref="ConfigurationException">The schema is none of the format, or has no column.</exception>
    public static RowSchema Infer(SchemaText schema, FormatSpec spec, bool isKey, bool upperCase, out bool unwrapped)
    {
        if (schema.Kind != KindOf(spec.Name))
        {
            throw new ConfigurationException($"A schema of kind {schema.Kind} cannot be used with format {spec.Name}.");
        }

        var type = schema.Kind switch
        {
            SchemaKind.Protobuf => ProtoSchemas.TypeOf(ProtoSchemas.Pick(schema, spec), upperCase),
            SchemaKind.Json => JsonSchemas.TypeOf(schema.Text, upperCase),
            _ => AvroSchemas.TypeOf(AvroSchemaParser.Parse(schema), upperCase),
        };

        // A key is bare wherever its format can, also when it is a record; a value that is a record has its fields as columns.
        unwrapped = type is not SqlStructType || (isKey && FormatTraits.Find(spec.Name) is { CanUnwrap: true });
        var columns = type is SqlStructType record && !unwrapped
            ? new RowSchema(record.Fields)
            : type is null ? RowSchema.Empty : new RowSchema(new SqlField(isKey ? "ROWKEY" : "ROWVAL", type));
        return columns.Count > 0 ? columns : throw new ConfigurationException("The schema has no column of a type that SQL has.");
    }

    private static string AvroName(string source, bool isKey) => isKey
        ? $"{AvroSchemas.Namespace}.{Pascal(source)}Key"
        : $"{AvroSchemas.Namespace}.KsqlDataSourceSchema";

    // ORDER_LINES as OrderLines; characters that Avro names cannot have separate words.
    private static string Pascal(string name) => string.Concat(
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')).Split('_', StringSplitOptions.RemoveEmptyEntries)
            .Select(w => char.ToUpperInvariant(w[0]) + w[1..].ToLowerInvariant()));
}
