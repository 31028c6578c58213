using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Formats.Avro;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Testing.Running;
using StreamFlow.Sql.Testing.Values;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>AVRO: encodes by the latest schema of the subject, decodes by the schema that the bytes name.</summary>
internal sealed class AvroCodec(ISchemaRegistry registry, string subject) : ISideCodec
{
    public byte[] Encode(JsonElement value)
    {
        var registered = registry.Latest(subject) ?? throw new CaseFailedException($"no schema is registered for {subject}");
        var output = new ArrayBufferWriter<byte>();
        RegistryPrefix.Write(output, registered.Id);
        Write(new AvroOutput(output), AvroSchemaParser.Parse(registered.Schema), value);
        return output.WrittenSpan.ToArray();
    }

    public ActualValue Decode(byte[] bytes)
    {
        var id = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1));
        var schema = AvroSchemaParser.Parse((registry.ById(id) ?? throw new CaseFailedException($"schema {id} is not registered")).Schema);
        var input = new AvroInput(bytes.AsSpan(RegistryPrefix.Size));
        return Read(ref input, schema);
    }

    private static void Write(AvroOutput output, AvroSchema schema, JsonElement? json)
    {
        if (schema.Kind == AvroKind.Union)
        {
            var isNull = json is not { ValueKind: not JsonValueKind.Null };
            var index = schema.Branches.ToList().FindIndex(b => (b.Kind == AvroKind.Null) == isNull);
            output.Long(Math.Max(0, index));
            Write(output, schema.Branches[Math.Max(0, index)], json);
            return;
        }

        if (schema.Kind == AvroKind.Null)
        {
            return;
        }

        var value = json ?? throw new CaseFailedException($"an Avro {schema.Kind} has no value");
        switch (schema.Kind)
        {
            case AvroKind.Record:
                foreach (var field in schema.Fields)
                {
                    Write(output, field.Schema, Find(value, field.Name));
                }

                break;
            case AvroKind.Array:
                Block(output, value.GetArrayLength());
                foreach (var item in value.EnumerateArray())
                {
                    Write(output, schema.Element!, item);
                }

                End(output);
                break;
            case AvroKind.Map:
                var count = value.EnumerateObject().Count();
                Block(output, count);
                foreach (var entry in value.EnumerateObject())
                {
                    output.String(entry.Name);
                    Write(output, schema.Element!, entry.Value);
                }

                End(output);
                break;
            default:
                WriteScalar(output, schema, value);
                break;
        }
    }

    private static void WriteScalar(AvroOutput output, AvroSchema schema, JsonElement value)
    {
        var text = JsonTexts.Plain(value);
        switch (schema.Kind)
        {
            case AvroKind.Boolean:
                output.Boolean(bool.Parse(text));
                break;
            case AvroKind.Int or AvroKind.Long:
                output.Long(SqlDecimal.Parse(text).ToInt64());
                break;
            case AvroKind.Float:
                output.Float(float.Parse(text, CultureInfo.InvariantCulture));
                break;
            case AvroKind.Double:
                output.Double(double.Parse(text, CultureInfo.InvariantCulture));
                break;
            case AvroKind.Enum:
                output.Long(schema.Symbols.ToList().IndexOf(text));
                break;
            case AvroKind.Bytes when schema.Logical == "decimal":
                var number = SqlDecimal.Parse(text).Rescale(schema.Scale, SqlRounding.Unnecessary);
                output.Bytes(number.Unscaled.ToByteArray(isBigEndian: true));
                break;
            case AvroKind.Bytes:
                output.Bytes(Convert.FromBase64String(text));
                break;
            case AvroKind.Fixed:
                output.Raw(Convert.FromBase64String(text));
                break;
            default:
                output.String(text);
                break;
        }
    }

    private static void Block(AvroOutput output, int count)
    {
        if (count > 0)
        {
            output.Long(count);
        }
    }

    private static void End(AvroOutput output) => output.Long(0);

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

    private static ActualValue Read(ref AvroInput input, AvroSchema schema)
    {
        switch (schema.Kind)
        {
            case AvroKind.Union:
                return Read(ref input, input.Branch(schema));
            case AvroKind.Null:
                return ActualValue.Null;
            case AvroKind.Boolean:
                return new BooleanValue(input.Boolean());
            case AvroKind.Int or AvroKind.Long:
                return ActualValue.Integer(input.Long());
            case AvroKind.Float:
                return ActualValue.Double(input.Float());
            case AvroKind.Double:
                return ActualValue.Double(input.Double());
            case AvroKind.String:
                return new TextValue(input.String());
            case AvroKind.Enum:
                return new TextValue(schema.Symbols[input.Int()]);
            case AvroKind.Bytes or AvroKind.Fixed:
                return ReadBytes(schema.Kind == AvroKind.Fixed ? input.Take(schema.Size) : input.Bytes(), schema);
            case AvroKind.Record:
                return ReadRecord(ref input, schema);
            default:
                return ReadBlocks(ref input, schema);
        }
    }

    private static ActualValue ReadBytes(ReadOnlySpan<byte> bytes, AvroSchema schema)
    {
        if (schema.Logical == "decimal")
        {
            return new NumberValue(NumberKind.Decimal, new SqlDecimal(new BigInteger(bytes, isBigEndian: true), schema.Scale).ToString());
        }

        return bytes.IsEmpty ? ActualValue.Null : new BytesValue(bytes.ToArray());
    }

    private static ObjectValue ReadRecord(ref AvroInput input, AvroSchema schema)
    {
        var fields = new List<KeyValuePair<string, ActualValue>>();
        foreach (var field in schema.Fields)
        {
            fields.Add(KeyValuePair.Create(field.Name, Read(ref input, field.Schema)));
        }

        return new ObjectValue(fields);
    }

    private static ActualValue ReadBlocks(ref AvroInput input, AvroSchema schema)
    {
        var items = new List<ActualValue>();
        var entries = new List<KeyValuePair<string, ActualValue>>();
        for (var count = input.BlockCount(); count > 0; count = input.BlockCount())
        {
            for (; count > 0; count--)
            {
                if (schema.Kind == AvroKind.Map)
                {
                    var key = input.String();
                    entries.Add(KeyValuePair.Create(key, Read(ref input, schema.Element!)));
                }
                else
                {
                    items.Add(Read(ref input, schema.Element!));
                }
            }
        }

        return schema.Kind == AvroKind.Map ? new ObjectValue(entries) : new ListValue(items);
    }
}
