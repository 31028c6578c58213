using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Formats.JsonSchema;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Testing.Running;
using StreamFlow.Sql.Testing.Values;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>JSON_SR: the prefix and JSON; unknown fields are dropped and missing ones are null, as the schema has them.</summary>
internal sealed class JsonSchemaCodec(ISchemaRegistry registry, string subject, SqlType type) : ISideCodec
{
    public byte[] Encode(JsonElement value)
    {
        var registered = registry.Latest(subject) ?? throw new CaseFailedException($"no schema is registered for {subject}");
        var schema = JsonSchemas.TypeOf(registered.Schema.Text, upperCase: false);
        var output = new ArrayBufferWriter<byte>();
        RegistryPrefix.Write(output, registered.Id);
        using var json = new Utf8JsonWriter(output);
        Write(json, schema, value);
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    public ActualValue Decode(byte[] bytes)
    {
        var schema = registry.ById(BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
        using var document = JsonDocument.Parse(bytes.AsMemory(RegistryPrefix.Size));
        var known = schema is null ? null : JsonSchemas.TypeOf(schema.Schema.Text, upperCase: false);
        return JsonCodec.Convert(document.RootElement, known ?? type);
    }

    private static void Write(Utf8JsonWriter json, SqlType? schema, JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } element)
        {
            json.WriteNullValue();
        }
        else if (schema is SqlStructType row && element.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject();
            foreach (var field in row.Fields)
            {
                json.WritePropertyName(field.Name);
                Write(json, field.Type, Find(element, field.Name));
            }

            json.WriteEndObject();
        }
        else if (schema is SqlArrayType array && element.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var item in element.EnumerateArray())
            {
                Write(json, array.Element, item);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteRawValue(element.GetRawText(), skipInputValidation: true);
        }
    }

    private static JsonElement? Find(JsonElement value, string name)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return null;
    }
}
