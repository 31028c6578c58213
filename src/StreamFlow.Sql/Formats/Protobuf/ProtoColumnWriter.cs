using System.Buffers;
using System.Text;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>Writes columns as the fields of a message: defaults without presence are left out, numbers in arrays are packed.</summary>
internal struct ProtoColumnWriter(IBufferWriter<byte> output) : IColumnWriter
{
    private readonly IBufferWriter<byte> _output = output;
    private ProtoField? _field;
    private Stack<Collection>? _open;

    public static void WriteRow<TRow>(IBufferWriter<byte> output, ProtoMessage message, in TRow row)
        where TRow : struct, IRow<TRow>
    {
        var ordinals = ProtoColumns<TRow>.Of(message);
        var writer = new ProtoColumnWriter(output);
        for (var i = 0; i < ordinals.Length; i++)
        {
            if (ordinals[i] >= 0)
            {
                writer._field = message.Fields[i];
                row.WriteColumn(ordinals[i], ref writer);
            }
        }
    }

    // An element of an array cannot be absent; an entry of a map can lack its value.
    public readonly void WriteNull()
    {
        if (_open is { Count: > 0 })
        {
            if (_open.Peek().IsMap)
            {
                FlushEntry();
            }
            else
            {
                Put(0, []);
            }
        }
    }

    public readonly void WriteBoolean(bool? value) => WriteInt64(value is { } v ? v ? 1 : 0 : null);

    public readonly void WriteInt32(int? value) => WriteInt64(value);

    public readonly void WriteInt64(long? value)
    {
        if (value is not { } v)
        {
            WriteNull();
        }
        else if (Target.Kind is ProtoKind.String or ProtoKind.Bytes)
        {
            WriteString(SqlText.Of(v));
        }
        else
        {
            PutNumber(ProtoNumbers.ToBits(Scalar.Kind, v));
        }
    }

    public readonly void WriteDouble(double? value)
    {
        if (value is { } v)
        {
            PutNumber(ProtoNumbers.ToBits(Scalar.Kind, v));
        }
        else
        {
            WriteNull();
        }
    }

    public readonly void WriteString(string? value) => PutText(value is null ? null : Encoding.UTF8.GetBytes(value), value);

    public readonly void WriteBytes(byte[]? value) => PutText(value, null);

    public readonly void WriteDecimal(SqlDecimal? value, int precision, int scale)
    {
        if (value is { } v)
        {
            PutMessage((v, precision, scale), static (o, d) =>
            {
                o.Tag(1, 2);
                o.Bytes(d.v.Rescale(d.scale).Unscaled.ToByteArray(isBigEndian: true));
                o.Tag(2, 0);
                o.Varint((uint)d.precision);
                o.Tag(3, 0);
                o.Varint((uint)d.scale);
            });
        }
        else
        {
            WriteNull();
        }
    }

    public readonly void WriteDate(SqlDate? value)
    {
        if (value is { } v)
        {
            var date = CalendarDate.FromEpochDay(v.Days);
            PutMessage((Year: date.Year, date.Month, date.Day), static (o, d) => Ints(o, d.Year, d.Month, d.Day));
        }
        else
        {
            WriteNull();
        }
    }

    public readonly void WriteTime(SqlTime? value)
    {
        if (value is { } v)
        {
            PutMessage(v.Milliseconds, static (o, ms) =>
                Ints(o, ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000 * 1_000_000));
        }
        else
        {
            WriteNull();
        }
    }

    public readonly void WriteTimestamp(SqlTimestamp? value)
    {
        if (value is { } v)
        {
            PutMessage(v.Milliseconds, static (o, ms) => Ints(
                o, CalendarDate.FloorDiv(ms, 1000), CalendarDate.FloorMod(ms, 1000) * 1_000_000));
        }
        else
        {
            WriteNull();
        }
    }

    public void BeginArray(int count) => (_open ??= new Stack<Collection>()).Push(new Collection(_field!, isMap: false));

    public readonly void EndArray()
    {
        var closed = _open!.Pop();
        if (closed.Buffer.WrittenCount > 0)
        {
            var o = new ProtoOutput(_output);
            o.Tag(closed.Field.Number, 2);
            o.Bytes(closed.Buffer.WrittenSpan);
        }

        closed.Buffer.Dispose();
    }

    public void BeginMap(int count) => (_open ??= new Stack<Collection>()).Push(new Collection(_field!, isMap: true));

    public readonly void EndMap() => _open!.Pop().Buffer.Dispose();

    public readonly void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct>
    {
        if (value is not { } row)
        {
            WriteNull();
            return;
        }

        var message = Target.Message ?? throw new SerializationException($"The Protobuf field {Target.Name} is no message.");
        using var buffer = new PooledBufferWriter();
        WriteRow(buffer, message, row);
        Put(0, buffer.WrittenSpan);
    }

    private readonly ProtoField Target
    {
        get
        {
            if (_open is not { Count: > 0 })
            {
                return _field!;
            }

            var open = _open.Peek();
            return open.IsMap ? open.Field.Message!.ByNumber(open.AtKey ? 1 : 2)! : open.Field;
        }
    }

    private readonly ProtoField Scalar => Target.Message is { } message && ProtoWellKnown.Wrapped(message) is { } inner ? inner : Target;

    private readonly void PutNumber(ulong bits)
    {
        var scalar = Scalar;
        if (ReferenceEquals(scalar, Target))
        {
            Put(bits, []);
            return;
        }

        PutMessage((scalar.Kind, bits), static (o, s) =>
        {
            if (s.bits != 0)
            {
                o.Tag(1, ProtoField.WireTypeOf(s.Kind));
                o.Bits(s.Kind, s.bits);
            }
        });
    }

    private readonly void PutText(byte[]? bytes, string? text)
    {
        if (bytes is null)
        {
            WriteNull();
            return;
        }

        var target = Target;
        if (target.Kind == ProtoKind.Enum)
        {
            Put((ulong)(target.Enum!.Values.FirstOrDefault(v => v.Key == text).Value), []);
        }
        else if (ReferenceEquals(Scalar, target))
        {
            Put(0, bytes);
        }
        else
        {
            PutMessage(bytes, static (o, b) =>
            {
                if (b.Length > 0)
                {
                    o.Tag(1, 2);
                    o.Bytes(b);
                }
            });
        }
    }

    private readonly void PutMessage<TState>(TState state, Action<ProtoOutput, TState> write)
    {
        using var buffer = new PooledBufferWriter();
        write(new ProtoOutput(buffer), state);
        Put(0, buffer.WrittenSpan);
    }

    private readonly void Put(ulong bits, ReadOnlySpan<byte> bytes)
    {
        var target = Target;
        var delimited = target.WireType == 2;
        if (_open is not { Count: > 0 })
        {
            var isDefault = delimited ? bytes.IsEmpty && target.Kind != ProtoKind.Message : bits == 0;
            if (!isDefault || target.HasPresence)
            {
                Write(new ProtoOutput(_output), target, bits, bytes);
            }

            return;
        }

        var open = _open.Peek();
        if (open.IsMap)
        {
            Write(new ProtoOutput(open.Buffer), target, bits, bytes);
            if (open.AtKey)
            {
                open.AtKey = false;
            }
            else
            {
                FlushEntry();
            }
        }
        else if (delimited)
        {
            Write(new ProtoOutput(_output), target, bits, bytes);
        }
        else
        {
            new ProtoOutput(open.Buffer).Bits(target.Kind, bits);
        }
    }

    private readonly void FlushEntry()
    {
        var open = _open!.Peek();
        var o = new ProtoOutput(_output);
        o.Tag(open.Field.Number, 2);
        o.Bytes(open.Buffer.WrittenSpan);
        open.Buffer.Clear();
        open.AtKey = true;
    }

    private static void Write(ProtoOutput o, ProtoField field, ulong bits, ReadOnlySpan<byte> bytes)
    {
        o.Tag(field.Number, field.WireType);
        if (field.WireType == 2)
        {
            o.Bytes(bytes);
        }
        else
        {
            o.Bits(field.Kind, bits);
        }
    }

    // int fields 1, 2, 3 …; zeros are left out.
    private static void Ints(ProtoOutput o, params ReadOnlySpan<long> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                o.Tag(i + 1, 0);
                o.Varint((ulong)values[i]);
            }
        }
    }

    /// <summary>An open array (its packed numbers) or map (the entry being written).</summary>
    private sealed class Collection(ProtoField repeated, bool isMap)
    {
        public ProtoField Field => repeated;

        public bool IsMap { get; } = isMap;

        public bool AtKey { get; set; } = isMap;

        public PooledBufferWriter Buffer { get; } = new();
    }
}
