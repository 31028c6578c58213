using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Generator.Definitions;
using WireType = StreamFlow.Protocol.Generator.Definitions.Scalar;

namespace StreamFlow.Protocol.Tests.Support;

/// <summary>
/// A second, slow encoder that walks a definition and the properties of a message: it shares no code with the generator's output, and
/// it notes which field each byte belongs to.
/// </summary>
internal sealed class DefinitionEncoder
{
    private readonly MessageDefinition _message;
    private readonly short _version;
    private readonly bool _flexible;
    private readonly List<EncodedField> _fields = [];

    private DefinitionEncoder(MessageDefinition message, short version)
    {
        _message = message;
        _version = version;
        _flexible = message.Flexible.Contains(version);
    }

    public static IReadOnlyList<EncodedField> Encode(MessageDefinition message, IVersioned value, short version)
    {
        var encoder = new DefinitionEncoder(message, version);
        encoder.Struct(message, value, 0);
        return encoder._fields;
    }

    private void Struct(StructDefinition body, object value, int depth)
    {
        foreach (var field in body.Fields.Where(f => !f.IsTagged && f.Versions.Contains(_version)))
        {
            Field(field, Property(value, field), depth);
        }

        if (_flexible)
        {
            Tags(body, value, depth);
        }
    }

    private void Tags(StructDefinition body, object value, int depth)
    {
        var set = body.Fields
            .Where(f => f.IsTagged && f.Versions.Contains(_version) && !IsDefault(f, Property(value, f)))
            .OrderBy(f => f.Tag)
            .ToList();
        Add(depth, "tags", Varint(set.Count), set.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var field in set)
        {
            var inner = new DefinitionEncoder(_message, _version);
            inner.Field(field, Property(value, field), depth + 1);
            var size = inner._fields.Sum(f => f.Bytes.Length);
            Add(depth, $"tag {field.Tag}", [.. Varint(field.Tag!.Value), .. Varint(size)], $"{size} bytes");
            _fields.AddRange(inner._fields);
        }
    }

    private void Field(FieldDefinition field, object? value, int depth)
    {
        if (field.IsArray)
        {
            var list = (IList?)value;
            Add(depth, field.Name + "[]", Length(list?.Count ?? -1, 4), list is null ? "null" : $"{list.Count} elements");
            foreach (var item in list ?? Array.Empty<object>())
            {
                Element(field, item, depth + 1);
            }
        }
        else if (field.IsStruct && !field.Nullable.IsEmpty)
        {
            Add(depth, field.Name, [value is null ? (byte)0xFF : (byte)1], value is null ? "null" : "present");
            if (value is not null)
            {
                Struct(field.Struct!, value, depth + 1);
            }
        }
        else
        {
            Element(field, value, depth);
        }
    }

    private void Element(FieldDefinition field, object? value, int depth)
    {
        if (field.IsStruct)
        {
            Add(depth, field.StructName, [], "");
            Struct(field.Struct!, value!, depth + 1);
            return;
        }

        Add(depth, field.Name, Scalar(field, value), Describe(value));
    }

    private byte[] Scalar(FieldDefinition field, object? value)
    {
        switch (value)
        {
            case null:
                return Length(-1, field.Scalar == WireType.String ? 2 : 4, field.IsFixedLength);
            case bool flag:
                return [flag ? (byte)1 : (byte)0];
            case sbyte number:
                return [(byte)number];
            case ErrorCode code:
                return BigEndian((short)code, 2);
            case double number:
                return BigEndian(BitConverter.DoubleToInt64Bits(number), 8);
            case Guid uuid:
                return Convert.FromHexString(uuid.ToString("N"));
            case string text:
                return [.. Length(Encoding.UTF8.GetByteCount(text), 2, field.IsFixedLength), .. Encoding.UTF8.GetBytes(text)];
            case byte[] bytes:
                return [.. Length(bytes.Length, 4), .. bytes];
            case ReadOnlyMemory<byte> bytes:
                return [.. Length(bytes.Length, 4), .. bytes.Span];
            default:
                var size = System.Runtime.InteropServices.Marshal.SizeOf(value);
                return BigEndian(Convert.ToInt64(value, CultureInfo.InvariantCulture), size);
        }
    }

    private byte[] Length(int length, int fixedSize, bool isFixed = false) =>
        _flexible && !isFixed ? Varint(length + 1) : BigEndian(length, fixedSize);

    private static byte[] BigEndian(long value, int size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes[(8 - size)..];
    }

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (var rest = (uint)value; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                bytes.Add((byte)rest);
                return [.. bytes];
            }

            bytes.Add((byte)(rest | 0x80));
        }
    }

    private static bool IsDefault(FieldDefinition field, object? value) => value switch
    {
        null => field.Default == "null" || field.IsStruct,
        IList list when field.IsArray => list.Count == 0 && field.Default != "null",
        string text => text == (field.Default ?? ""),
        Guid uuid => uuid == Guid.Empty,
        bool flag => flag == (field.Default == "true"),
        byte[] bytes => bytes.Length == 0,
        IConvertible number => Convert.ToString(number, CultureInfo.InvariantCulture) == (field.Default ?? "0"),
        _ => field.Nullable.IsEmpty && field.Struct!.Fields.All(f => IsDefault(f, Property(value, f))),
    };

    private static object? Property(object value, FieldDefinition field) => value.GetType().GetProperty(field.Name)!.GetValue(value);

    private static string Describe(object? value) => value switch
    {
        null => "null",
        ReadOnlyMemory<byte> bytes => $"{bytes.Length} bytes",
        byte[] bytes => $"{bytes.Length} bytes",
        string text => $"\"{text}\"",
        ErrorCode code => ((short)code).ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private void Add(int depth, string name, byte[] bytes, string text) => _fields.Add(new(depth, name, bytes, text));
}

/// <summary>The bytes of one field, and the field as people read it.</summary>
internal sealed record EncodedField(int Depth, string Name, byte[] Bytes, string Text);
