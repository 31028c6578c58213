using System.Text.Json;
using StreamFlow.Sql.Formats.Json;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Formats.Avro;

/// <summary>Avro schemas from columns, in the conventions of Kafka Connect's Avro converter, and columns from Avro schemas.</summary>
internal static class AvroSchemas
{
    public const string Namespace = "io.confluent.ksql.avro_schemas";
    private const int DefaultDecimalPrecision = 64;
    private const string ConnectData = "org.apache.kafka.connect.data.";

    /// <summary>
    /// The schema text of columns: a record, or (unwrapped) the schema of the only column, which as a STRUCT has the record's name.
    /// </summary>
    public static string Generate(RowSchema columns, bool unwrapped, string fullName) =>
        JsonText.Write((columns, unwrapped, fullName), static (json, a) =>
    {
        if (a is { unwrapped: true, columns: [{ Type: SqlStructType only }] })
        {
            WriteRecord(json, only.Fields, a.fullName, isOutermost: true);
        }
        else if (a.unwrapped)
        {
            WriteNullable(json, a.columns[0].Type, Namespace + "." + a.columns[0].Name);
        }
        else
        {
            WriteRecord(json, a.columns.Columns, a.fullName, isOutermost: true);
        }
    });

    /// <summary>The column type of a schema; null when SQL has none.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="upperCase">Whether names become upper-case.</param>
    public static SqlType? TypeOf(AvroSchema schema, bool upperCase)
    {
        switch (schema.Kind)
        {
            case AvroKind.Boolean:
                return SqlType.Boolean;
            case AvroKind.Int:
                return schema.Logical switch
                {
                    "date" => SqlType.Date,
                    "time-millis" => SqlType.Time,
                    _ => SqlType.Integer,
                };
            case AvroKind.Long:
                return schema.Logical == "timestamp-millis" ? SqlType.Timestamp : SqlType.BigInt;
            case AvroKind.Float or AvroKind.Double:
                return SqlType.Double;
            case AvroKind.String or AvroKind.Enum:
                return SqlType.String;
            case AvroKind.Bytes or AvroKind.Fixed:
                return schema.Logical == "decimal"
                    ? SqlType.Decimal(schema.Precision ?? DefaultDecimalPrecision, schema.Scale)
                    : SqlType.Bytes;
            case AvroKind.Array:
                return TypeOf(schema.Element!, upperCase) is { } element ? SqlType.Array(element) : null;
            case AvroKind.Map:
                return TypeOf(schema.Element!, upperCase) is { } value ? SqlType.Map(SqlType.String, value) : null;
            case AvroKind.Record:
                return SqlType.Struct(Columns(schema, upperCase));
            case AvroKind.Union when schema.Branches.Count(b => b.Kind != AvroKind.Null) == 1:
                return TypeOf(schema.NotNull, upperCase);
            default:
                return null;
        }
    }

    /// <summary>The fields of a record whose types SQL has.</summary>
    public static IEnumerable<SqlField> Columns(AvroSchema record, bool upperCase)
    {
        foreach (var field in record.Fields)
        {
            if (TypeOf(field.Schema, upperCase) is { } type)
            {
                yield return new SqlField(upperCase ? field.Name.ToUpperInvariant() : field.Name, type);
            }
        }
    }

    // A record inside another one is in its namespace without saying so.
    private static void WriteRecord(Utf8JsonWriter json, IReadOnlyList<SqlField> fields, string fullName, bool isOutermost)
    {
        var dot = fullName.LastIndexOf('.');
        json.WriteStartObject();
        json.WriteString("type", "record");
        json.WriteString("name", fullName[(dot + 1)..]);
        if (isOutermost && dot > 0)
        {
            json.WriteString("namespace", fullName[..dot]);
        }

        json.WriteStartArray("fields");
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WritePropertyName("type");
            WriteNullable(json, field.Type, $"{fullName}_{field.Name}");
            json.WriteNull("default");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("connect.name", fullName);
        json.WriteEndObject();
    }

    private static void WriteNullable(Utf8JsonWriter json, SqlType type, string name)
    {
        json.WriteStartArray();
        json.WriteStringValue("null");
        WriteType(json, type, name);
        json.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter json, SqlType type, string name)
    {
        switch (type)
        {
            case SqlDecimalType d:
                WriteDecimal(json, d);
                break;
            case SqlArrayType a:
                json.WriteStartObject();
                json.WriteString("type", "array");
                json.WritePropertyName("items");
                WriteNullable(json, a.Element, name);
                json.WriteEndObject();
                break;
            case SqlMapType m:
                json.WriteStartObject();
                json.WriteString("type", "map");
                json.WritePropertyName("values");
                WriteNullable(json, m.Value, name);
                json.WriteEndObject();
                break;
            case SqlStructType s:
                WriteRecord(json, s.Fields, name, isOutermost: false);
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
                WriteLogical(json, "int", "Date", "date");
                break;
            case SqlBaseType.Time:
                WriteLogical(json, "int", "Time", "time-millis");
                break;
            case SqlBaseType.Timestamp:
                WriteLogical(json, "long", "Timestamp", "timestamp-millis");
                break;
            default:
                json.WriteStringValue(type switch
                {
                    SqlBaseType.Boolean => "boolean",
                    SqlBaseType.Integer => "int",
                    SqlBaseType.BigInt => "long",
                    SqlBaseType.Double => "double",
                    SqlBaseType.Bytes => "bytes",
                    _ => "string",
                });
                break;
        }
    }

    private static void WriteLogical(Utf8JsonWriter json, string type, string connectName, string logical)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteNumber("connect.version", 1);
        json.WriteString("connect.name", ConnectData + connectName);
        json.WriteString("logicalType", logical);
        json.WriteEndObject();
    }

    private static void WriteDecimal(Utf8JsonWriter json, SqlDecimalType type)
    {
        json.WriteStartObject();
        json.WriteString("type", "bytes");
        json.WriteNumber("scale", type.Scale);
        json.WriteNumber("precision", type.Precision);
        json.WriteNumber("connect.version", 1);
        json.WriteStartObject("connect.parameters");
        json.WriteString("scale", type.Scale.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("connect.decimal.precision", type.Precision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteString("connect.name", ConnectData + "Decimal");
        json.WriteString("logicalType", "decimal");
        json.WriteEndObject();
    }
}
