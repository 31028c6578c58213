using System.Buffers;
using System.Globalization;
using System.Text.Json;
using StreamFlow.Core.Buffers;
using StreamFlow.Sql.Formats.Protobuf;
using StreamFlow.Sql.Testing.Running;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>Writes the JSON of a case as a Protobuf message.</summary>
internal static class ProtoJsonWriter
{
    public static void Message(IBufferWriter<byte> output, ProtoMessage message, JsonElement json)
    {
        foreach (var field in message.Fields)
        {
            if (Find(json, field.Name) is not { ValueKind: not JsonValueKind.Null } value)
            {
                continue;
            }

            if (field.IsMap)
            {
                foreach (var entry in value.EnumerateObject())
                {
                    Delimited(output, field.Number, buffer =>
                    {
                        Text(buffer, field.Message!.Fields[0], entry.Name);
                        if (entry.Value.ValueKind != JsonValueKind.Null)
                        {
                            Value(buffer, field.Message.Fields[1], entry.Value);
                        }
                    });
                }
            }
            else if (field.IsRepeated)
            {
                foreach (var item in value.EnumerateArray())
                {
                    Value(output, field, item);
                }
            }
            else
            {
                Value(output, field, value);
            }
        }
    }

    private static void Value(IBufferWriter<byte> output, ProtoField field, JsonElement value)
    {
        if (field.Kind != ProtoKind.Message)
        {
            Text(output, field, JsonTexts.Plain(value));
            return;
        }

        Delimited(output, field.Number, buffer => MessageBody(buffer, field.Message!, field, value));
    }

    private static void MessageBody(IBufferWriter<byte> buffer, ProtoMessage message, ProtoField field, JsonElement value)
    {
        var text = JsonTexts.Plain(value);
        switch (message.FullName)
        {
            case ProtoWellKnown.Timestamp:
                var ms = long.Parse(text, CultureInfo.InvariantCulture);
                Ints(buffer, (long)Math.Floor(ms / 1000.0), (((ms % 1000) + 1000) % 1000) * 1_000_000);
                break;
            case ProtoWellKnown.Date:
                var date = CalendarDate.FromEpochDay(int.Parse(text, CultureInfo.InvariantCulture));
                Ints(buffer, date.Year, date.Month, date.Day);
                break;
            case ProtoWellKnown.TimeOfDay:
                var time = int.Parse(text, CultureInfo.InvariantCulture);
                Ints(buffer, time / 3_600_000, time / 60_000 % 60, time / 1000 % 60, time % 1000 * 1_000_000L);
                break;
            case ProtoWellKnown.Decimal:
                var scale = field.Scale ?? 0;
                var number = SqlDecimal.Parse(text).Rescale(scale, SqlRounding.Unnecessary);
                var o = new ProtoOutput(buffer);
                o.Tag(1, 2);
                o.Bytes(number.Unscaled.ToByteArray(isBigEndian: true));
                o.Tag(3, 0);
                o.Varint((uint)scale);
                break;
            default:
                if (ProtoWellKnown.Wrapped(message) is { } inner)
                {
                    Text(buffer, inner, text);
                }
                else
                {
                    Message(buffer, message, value);
                }

                break;
        }
    }

    private static void Text(IBufferWriter<byte> output, ProtoField field, string text)
    {
        var o = new ProtoOutput(output);
        o.Tag(field.Number, field.WireType);
        switch (field.Kind)
        {
            case ProtoKind.String:
                o.String(text);
                break;
            case ProtoKind.Bytes:
                o.Bytes(Convert.FromBase64String(text));
                break;
            case ProtoKind.Bool:
                o.Varint(bool.Parse(text) ? 1UL : 0);
                break;
            case ProtoKind.Enum:
                o.Varint((ulong)field.Enum!.Values.First(v => v.Key == text).Value);
                break;
            case ProtoKind.Double or ProtoKind.Float:
                o.Bits(field.Kind, ProtoNumbers.ToBits(field.Kind, double.Parse(text, CultureInfo.InvariantCulture)));
                break;
            case ProtoKind.Message:
                throw new CaseFailedException($"the field {field.Name} is a message, not a text");
            default:
                o.Bits(field.Kind, ProtoNumbers.ToBits(field.Kind, SqlDecimal.Parse(text).ToInt64()));
                break;
        }
    }

    private static void Delimited(IBufferWriter<byte> output, int number, Action<IBufferWriter<byte>> write)
    {
        using var buffer = new PooledBufferWriter();
        write(buffer);
        var o = new ProtoOutput(output);
        o.Tag(number, 2);
        o.Bytes(buffer.WrittenSpan);
    }

    private static void Ints(IBufferWriter<byte> output, params ReadOnlySpan<long> values)
    {
        var o = new ProtoOutput(output);
        for (var i = 0; i < values.Length; i++)
        {
            o.Tag(i + 1, 0);
            o.Varint((ulong)values[i]);
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
