using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>
/// Protobuf definitions from columns, in the conventions of Kafka Connect's Protobuf converter, and columns from definitions.
/// </summary>
internal static class ProtoSchemas
{
    private const string DefaultName = "ConnectDefault1";
    private const int DefaultDecimalPrecision = 64;

    /// <summary>The definition of a message with the columns as fields 1, 2, ….</summary>
    public static string Generate(RowSchema columns, FormatSpec spec)
    {
        var writer = new Writer(spec.NullableRepresentation);
        var name = spec.SchemaFullName ?? DefaultName;
        var dot = name.LastIndexOf('.');
        var text = writer.Message(name[(dot + 1)..], columns.Columns, 0);
        var header = new StringBuilder("syntax = \"proto3\";\n");
        if (dot > 0)
        {
            header.Append("package ").Append(name[..dot]).Append(";\n");
        }

        foreach (var import in writer.Imports)
        {
            header.Append("\nimport \"").Append(import).Append("\";");
        }

        return header.Append(writer.Imports.Count > 0 ? "\n\n" : "\n").Append(text).ToString();
    }

    /// <summary>The columns of a message; types that SQL has not are left out.</summary>
    public static SqlStructType TypeOf(ProtoMessage message, bool upperCase) => SqlType.Struct(message.Fields
        .Select(f => (f.Name, Type: TypeOf(f, upperCase)))
        .Where(f => f.Type is not null)
        .Select(f => new SqlField(upperCase ? f.Name.ToUpperInvariant() : f.Name, f.Type!)));

    /// <summary>The message a format reads and writes.</summary>
    /// <exception cref="ConfigurationException">The definition has no such message.</exception>
    public static ProtoMessage Pick(SchemaText schema, FormatSpec spec)
    {
        var file = ProtoParser.Parse(schema);
        return file.Find(spec.SchemaFullName)
            ?? throw new ConfigurationException($"The Protobuf definition has no message {spec.SchemaFullName}.");
    }

    public static SqlType? TypeOf(ProtoField field, bool upperCase)
    {
        if (field.IsMap)
        {
            var (key, value) = (TypeOf(field.Message!.Fields[0], upperCase), TypeOf(field.Message.Fields[1], upperCase));
            return key is null || value is null ? null : SqlType.Map(key, value);
        }

        var single = Single(field, upperCase);
        return single is null ? null : field.IsRepeated ? SqlType.Array(single) : single;
    }

    private static SqlType? Single(ProtoField field, bool upperCase) => field.Kind switch
    {
        ProtoKind.Bool => SqlType.Boolean,
        ProtoKind.Int32 or ProtoKind.SInt32 or ProtoKind.SFixed32 => SqlType.Integer,
        ProtoKind.UInt32 or ProtoKind.Fixed32 or ProtoKind.Int64 or ProtoKind.UInt64 or ProtoKind.SInt64 or ProtoKind.Fixed64
            or ProtoKind.SFixed64 => SqlType.BigInt,
        ProtoKind.Float or ProtoKind.Double => SqlType.Double,
        ProtoKind.String or ProtoKind.Enum => SqlType.String,
        ProtoKind.Bytes => SqlType.Bytes,
        _ => OfMessage(field, upperCase),
    };

    private static SqlType? OfMessage(ProtoField field, bool upperCase) => field.Message!.FullName switch
    {
        ProtoWellKnown.Timestamp => SqlType.Timestamp,
        ProtoWellKnown.Date => SqlType.Date,
        ProtoWellKnown.TimeOfDay => SqlType.Time,
        ProtoWellKnown.Decimal => SqlType.Decimal(Math.Max(field.Precision ?? DefaultDecimalPrecision, field.Scale ?? 0), field.Scale ?? 0),
        _ when ProtoWellKnown.Wrapped(field.Message) is { } inner => Single(inner, upperCase),
        _ => TypeOf(field.Message, upperCase),
    };

    private sealed class Writer(string? nulls)
    {
        private int _messages = 1;

        public SortedSet<string> Imports { get; } = new(StringComparer.Ordinal);

        public string Message(string name, IReadOnlyList<SqlField> fields, int depth)
        {
            var indent = new string(' ', depth * 2);
            var text = new StringBuilder($"{indent}message {name} {{\n");
            var nested = new StringBuilder();
            for (var i = 0; i < fields.Count; i++)
            {
                text.Append(indent).Append("  ").Append(Field(fields[i], i + 1, nested, depth + 1)).Append(";\n");
            }

            return text.Append(nested.Length > 0 ? "\n" : string.Empty).Append(nested).Append(indent).Append("}\n").ToString();
        }

        private string Field(SqlField field, int number, StringBuilder nested, int depth)
        {
            switch (field.Type)
            {
                case SqlMapType map when map.Key.BaseType
                    is SqlBaseType.String or SqlBaseType.Integer or SqlBaseType.BigInt or SqlBaseType.Boolean:
                    return $"map<{Single(map.Key, nested, depth)}, {Single(map.Value, nested, depth)}> {field.Name} = {number}";
                case SqlArrayType array:
                    return $"repeated {Single(array.Element, nested, depth)} {field.Name} = {number}{Options(array.Element)}";
                default:
                    var wrapped = nulls == "WRAPPER" ? Wrapper(field.Type) : null;
                    var optional = nulls == "OPTIONAL" && !field.Type.IsCompound ? "optional " : string.Empty;
                    return $"{optional}{wrapped ?? Single(field.Type, nested, depth)} {field.Name} = {number}{Options(field.Type)}";
            }
        }

        private string Single(SqlType type, StringBuilder nested, int depth)
        {
            switch (type.BaseType)
            {
                case SqlBaseType.Date:
                    return Import("google/type/date.proto", ProtoWellKnown.Date);
                case SqlBaseType.Time:
                    return Import("google/type/timeofday.proto", ProtoWellKnown.TimeOfDay);
                case SqlBaseType.Timestamp:
                    return Import("google/protobuf/timestamp.proto", ProtoWellKnown.Timestamp);
                case SqlBaseType.Decimal:
                    Imports.Add("confluent/meta.proto");
                    return Import("confluent/type/decimal.proto", ProtoWellKnown.Decimal);
                case SqlBaseType.Struct:
                    var name = $"ConnectDefault{++_messages}";
                    nested.Append(Message(name, ((SqlStructType)type).Fields, depth));
                    return name;
                case SqlBaseType.Array or SqlBaseType.Map:
                    throw new ConfigurationException($"Protobuf has no type for {type} inside another collection.");
                default:
                    return Scalar(type.BaseType);
            }
        }

        private static string Scalar(SqlBaseType type) => type switch
        {
            SqlBaseType.Boolean => "bool",
            SqlBaseType.Integer => "int32",
            SqlBaseType.BigInt => "int64",
            SqlBaseType.Double => "double",
            SqlBaseType.Bytes => "bytes",
            _ => "string",
        };

        private string? Wrapper(SqlType type) => type.BaseType switch
        {
            SqlBaseType.Boolean => Import("google/protobuf/wrappers.proto", "google.protobuf.BoolValue"),
            SqlBaseType.Integer => Import("google/protobuf/wrappers.proto", "google.protobuf.Int32Value"),
            SqlBaseType.BigInt => Import("google/protobuf/wrappers.proto", "google.protobuf.Int64Value"),
            SqlBaseType.Double => Import("google/protobuf/wrappers.proto", "google.protobuf.DoubleValue"),
            SqlBaseType.Bytes => Import("google/protobuf/wrappers.proto", "google.protobuf.BytesValue"),
            SqlBaseType.String => Import("google/protobuf/wrappers.proto", "google.protobuf.StringValue"),
            _ => null,
        };

        private string Import(string file, string type)
        {
            Imports.Add(file);
            return type;
        }

        private static string Options(SqlType type) => type is SqlDecimalType d
            ? $" [(confluent.field_meta) = {{ params: [ {{ value: \"{d.Precision}\", key: \"precision\" }}, "
                + $"{{ value: \"{d.Scale}\", key: \"scale\" }} ] }}]"
            : string.Empty;
    }
}
