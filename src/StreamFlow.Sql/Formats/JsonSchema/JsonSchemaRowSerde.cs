using System.Buffers;
using System.Text.Json;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats.Json;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Formats.JsonSchema;

/// <summary>
/// JSON_SR: JSON behind the registry's prefix, a zero byte and the 4-byte schema id. Columns are found by name, as in JSON.
/// </summary>
internal sealed class JsonSchemaRowSerde<TRow>(FormatSpec spec, ISchemaRegistry registry) : Serde<TRow>
    where TRow : struct, IRow<TRow>
{
    private readonly JsonRowSerde<TRow> _json = new(spec.Unwrapped, Absent(spec, registry));
    private readonly RegisteredSchemas<SchemaText> _schemas = new(registry, schema => schema);

    public override void Serialize(TRow value, IBufferWriter<byte> output, in SerdeContext context)
    {
        RegistryPrefix.Write(output, _schemas.ForWriting<TRow>(spec, context).Id);
        _json.Serialize(value, output, context);
    }

    public override TRow Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        _ = RegistryPrefix.Read(data, context);
        return _json.Deserialize(data[RegistryPrefix.Size..], context);
    }

    // A schema that the statement names may have more fields than the query has columns.
    private static JsonEncodedText[] Absent(FormatSpec spec, ISchemaRegistry registry) =>
        spec is { SchemaId: { } id, Unwrapped: false } && registry.ById(id) is { Schema: var schema }
            && JsonSchemas.TypeOf(schema.Text, upperCase: false) is SqlStructType record
            ? [.. record.Fields.Where(f => TRow.Schema.IndexOf(f.Name) < 0).Select(f => JsonEncodedText.Encode(f.Name))]
            : [];
}
