using System.Numerics;
using StreamFlow.Sql.Formats.Protobuf;
using StreamFlow.Sql.Testing.Values;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>Reads a Protobuf message as a comparable value with every field of its definition.</summary>
internal static class ProtoValueReader
{
    public static ActualValue Message(ProtoMessage message, ReadOnlySpan<byte> bytes)
    {
        var found = new Dictionary<int, List<ActualValue>>();
        var input = new ProtoInput(bytes);
        while (!input.AtEnd)
        {
            var (number, wireType) = input.Tag();
            var item = input.Item(wireType);
            if (message.ByNumber(number) is not { } field)
            {
                continue;
            }

            if (!found.TryGetValue(number, out var values))
            {
                found[number] = values = [];
            }

            if (wireType == 2 && field.WireType != 2)
            {
                var packed = new ProtoInput(bytes.Slice(item.Start, item.Length));
                while (!packed.AtEnd)
                {
                    values.Add(Number(field, packed.Item(field.WireType).Bits));
                }
            }
            else
            {
                values.Add(wireType == 2 ? Delimited(field, bytes.Slice(item.Start, item.Length)) : Number(field, item.Bits));
            }
        }

        return new ObjectValue([.. message.Fields.Select(f => KeyValuePair.Create(f.Name, Field(f, found.GetValueOrDefault(f.Number))))]);
    }

    private static ActualValue Field(ProtoField field, List<ActualValue>? values)
    {
        if (field.IsMap)
        {
            return new ObjectValue([.. (values ?? []).Cast<ObjectValue>().Select(e => KeyValuePair.Create(
                e.Find("key") switch { TextValue t => t.Value, var other => other!.ToString()! }, e.Find("value")!))]);
        }

        if (field.IsRepeated)
        {
            return new ListValue(values ?? []);
        }

        return values is { Count: > 0 } ? values[^1] : Default(field);
    }

    private static ActualValue Default(ProtoField field) => field switch
    {
        { HasPresence: true } or { Kind: ProtoKind.Message } => ActualValue.Null,
        { Kind: ProtoKind.String } => new TextValue(string.Empty),
        { Kind: ProtoKind.Bytes } => ActualValue.Null,
        _ => Number(field, 0),
    };

    private static ActualValue Number(ProtoField field, ulong bits) => field.Kind switch
    {
        ProtoKind.Bool => new BooleanValue(bits != 0),
        ProtoKind.Enum => new TextValue(field.Enum!.NameOf((int)bits)),
        ProtoKind.Double or ProtoKind.Float => ActualValue.Double(ProtoNumbers.ToDouble(field.Kind, bits)),
        _ => ActualValue.Integer(ProtoNumbers.ToInt64(field.Kind, bits)),
    };

    private static ActualValue Delimited(ProtoField field, ReadOnlySpan<byte> bytes)
    {
        switch (field.Kind)
        {
            case ProtoKind.String:
                return new TextValue(System.Text.Encoding.UTF8.GetString(bytes));
            case ProtoKind.Bytes:
                return new BytesValue(bytes.ToArray());
            default:
                return WellKnown(field, bytes);
        }
    }

    private static ActualValue WellKnown(ProtoField field, ReadOnlySpan<byte> bytes)
    {
        var inner = (ObjectValue)Message(field.Message!, bytes);
        long Int(string name) => long.Parse(((NumberValue)inner.Find(name)!).Text, System.Globalization.CultureInfo.InvariantCulture);
        switch (field.Message!.FullName)
        {
            case ProtoWellKnown.Timestamp:
                return ActualValue.Integer((Int("seconds") * 1000) + (Int("nanos") / 1_000_000));
            case ProtoWellKnown.Date:
                return ActualValue.Integer(SqlCast.ToDate($"{Int("year"):0000}-{Int("month"):00}-{Int("day"):00}").Days);
            case ProtoWellKnown.TimeOfDay:
                var seconds = (((Int("hours") * 60) + Int("minutes")) * 60) + Int("seconds");
                return ActualValue.Integer((seconds * 1000) + (Int("nanos") / 1_000_000));
            case ProtoWellKnown.Decimal:
                var digits = inner.Find("value") is BytesValue b ? b.Value : [];
                var number = new SqlDecimal(new BigInteger(digits, isBigEndian: true), (int)Int("scale"));
                return new NumberValue(NumberKind.Decimal, number.ToString());
            default:
                return ProtoWellKnown.Wrapped(field.Message) is { } wrapped ? inner.Find(wrapped.Name)! : inner;
        }
    }
}
