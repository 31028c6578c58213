using System.Globalization;
using System.Text.Json;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Formats.Json;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Formats.JsonSchema;

/// <summary>
/// JSON Schemas from columns, in the conventions of Kafka Connect's JSON Schema converter, and columns from JSON Schemas.
/// </summary>
internal static class JsonSchemas
{
    private const string ConnectData = "org.apache.kafka.connect.data.";
    private const int DefaultDecimalPrecision = 64;

    /// <summary>The schema text of columns: an object, or (unwrapped) the schema of the only column.</summary>
    public static string Generate(RowSchema columns, bool unwrapped) => JsonText.Write((columns, unwrapped), static (json, a) =>
    {
        if (a.unwrapped)
        {
            WriteNullable(json, a.columns[0].Type, null);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            WriteProperties(json, a.columns.Columns);
            json.WriteEndObject();
        }
    });

    /// <summary>The type a schema text describes; null when SQL has none.</summary>
    /// <exception cref="ConfigurationException">The text is not JSON.</exception>
    public static SqlType? TypeOf(string schema, bool upperCase)
    {
        try
        {
            using var document = JsonDocument.Parse(schema);
            return TypeOf(document.RootElement, upperCase);
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"The text is no JSON Schema: {e.Message}");
        }
    }

    private static SqlType? TypeOf(JsonElement schema, bool upperCase)
    {
        if (schema.TryGetProperty("oneOf", out var oneOf))
        {
            var branches = oneOf.EnumerateArray().Where(b => Text(b, "type") != "null").ToList();
            return branches.Count == 1 ? TypeOf(branches[0], upperCase) : null;
        }

        if (LogicalType(schema) is { } logical)
        {
            return logical;
        }

        return Text(schema, "type") switch
        {
            "boolean" => SqlType.Boolean,
            "integer" => Text(schema, "connect.type") is "int8" or "int16" or "int32" ? SqlType.Integer : SqlType.BigInt,
            "number" => SqlType.Double,
            "string" => Text(schema, "connect.type") == "bytes" ? SqlType.Bytes : SqlType.String,
            "array" => ArrayType(schema, upperCase),
            "object" => ObjectType(schema, upperCase),
            null when schema.TryGetProperty("enum", out _) => SqlType.String,
            null when schema.TryGetProperty("properties", out _) => ObjectType(schema, upperCase),
            _ => null,
        };
    }

    private static SqlType? LogicalType(JsonElement schema) => Text(schema, "title") switch
    {
        ConnectData + "Date" => SqlType.Date,
        ConnectData + "Time" => SqlType.Time,
        ConnectData + "Timestamp" => SqlType.Timestamp,
        ConnectData + "Decimal" => SqlType.Decimal(
            Parameter(schema, "connect.decimal.precision") ?? DefaultDecimalPrecision, Parameter(schema, "scale") ?? 0),
        _ => null,
    };

    private static SqlType? ArrayType(JsonElement schema, bool upperCase)
    {
        if (!schema.TryGetProperty("items", out var items))
        {
            return null;
        }

        if (Text(schema, "connect.type") == "map" && items.TryGetProperty("properties", out var entry)
            && entry.TryGetProperty("key", out var key) && entry.TryGetProperty("value", out var value))
        {
            return TypeOf(key, upperCase) is { } k && TypeOf(value, upperCase) is { } v ? SqlType.Map(k, v) : null;
        }

        return TypeOf(items, upperCase) is { } element ? SqlType.Array(element) : null;
    }

    private static SqlType? ObjectType(JsonElement schema, bool upperCase)
    {
        if (schema.TryGetProperty("additionalProperties", out var values) && values.ValueKind == JsonValueKind.Object)
        {
            return TypeOf(values, upperCase) is { } value ? SqlType.Map(SqlType.String, value) : null;
        }

        if (!schema.TryGetProperty("properties", out var properties))
        {
            return null;
        }

        var fields = new List<(int Index, SqlField Field)>();
        foreach (var property in properties.EnumerateObject())
        {
            if (TypeOf(property.Value, upperCase) is { } type)
            {
                var index = property.Value.TryGetProperty("connect.index", out var i) ? i.GetInt32() : int.MaxValue;
                fields.Add((index, new SqlField(upperCase ? property.Name.ToUpperInvariant() : property.Name, type)));
            }
        }

        return SqlType.Struct(fields.OrderBy(f => f.Index).Select(f => f.Field));
    }

    private static void WriteProperties(Utf8JsonWriter json, IReadOnlyList<SqlField> fields)
    {
        json.WriteStartObject("properties");
        for (var i = 0; i < fields.Count; i++)
        {
            json.WritePropertyName(fields[i].Name);
            WriteNullable(json, fields[i].Type, i);
        }

        json.WriteEndObject();
    }

    private static void WriteNullable(Utf8JsonWriter json, SqlType type, int? index)
    {
        json.WriteStartObject();
        if (index is { } i)
        {
            json.WriteNumber("connect.index", i);
        }

        json.WriteStartArray("oneOf");
        json.WriteStartObject();
        json.WriteString("type", "null");
        json.WriteEndObject();
        json.WriteStartObject();
        WriteType(json, type);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, SqlType type)
    {
        switch (type)
        {
            case SqlArrayType array:
                json.WriteString("type", "array");
                json.WritePropertyName("items");
                WriteNullable(json, array.Element, null);
                break;
            case SqlMapType map:
                json.WriteString("type", "object");
                json.WriteString("connect.type", "map");
                json.WritePropertyName("additionalProperties");
                WriteNullable(json, map.Value, null);
                break;
            case SqlStructType row:
                json.WriteString("type", "object");
                WriteProperties(json, row.Fields);
                break;
            case SqlDecimalType number:
                WriteLogical(json, "number", "bytes", "Decimal");
                json.WriteStartObject("connect.parameters");
                json.WriteString("scale", number.Scale.ToString(CultureInfo.InvariantCulture));
                json.WriteString("connect.decimal.precision", number.Precision.ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
                break;
            default:
                WritePrimitive(json, type.BaseType);
                break;
        }
    }

    private static void WritePrimitive(Utf8JsonWriter json, SqlBaseType type)
    {
        switch (type)
        {
            case SqlBaseType.Date:
                WriteLogical(json, "integer", "int32", "Date");
                break;
            case SqlBaseType.Time:
                WriteLogical(json, "integer", "int32", "Time");
                break;
            case SqlBaseType.Timestamp:
                WriteLogical(json, "integer", "int64", "Timestamp");
                break;
            default:
                var (name, connect) = type switch
                {
                    SqlBaseType.Boolean => ("boolean", null),
                    SqlBaseType.Integer => ("integer", "int32"),
                    SqlBaseType.BigInt => ("integer", "int64"),
                    SqlBaseType.Double => ("number", "float64"),
                    SqlBaseType.Bytes => ("string", "bytes"),
                    _ => ("string", (string?)null),
                };
                json.WriteString("type", name);
                if (connect is not null)
                {
                    json.WriteString("connect.type", connect);
                }

                break;
        }
    }

    private static void WriteLogical(Utf8JsonWriter json, string type, string connectType, string title)
    {
        json.WriteString("type", type);
        json.WriteString("title", ConnectData + title);
        json.WriteNumber("connect.version", 1);
        json.WriteString("connect.type", connectType);
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static int? Parameter(JsonElement schema, string name) =>
        schema.TryGetProperty("connect.parameters", out var parameters) && Text(parameters, name) is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
