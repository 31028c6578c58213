using System.Globalization;
using System.Numerics;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>
/// Reads columns from a Protobuf message. Fields come in any order and repeated ones in pieces, so a message is walked once to find
/// its values, and collections are read from the places found. Absent fields without presence are their type's default.
/// </summary>
internal ref struct ProtoColumnReader(ReadOnlySpan<byte> data) : IColumnReader
{
    private readonly ReadOnlySpan<byte> _data = data;
    private ProtoField? _field;
    private ProtoItem _item;
    private List<ProtoItem>? _repeated;
    private Stack<Collection>? _open;

    public TRow ReadRow<TRow>(ProtoMessage message)
        where TRow : struct, IRow<TRow> => ReadMessage<TRow>(message, new ProtoItem(0, 0, _data.Length));

    public bool? ReadBoolean() => Scalar(out var field, out var item) ? Value(field, item) != 0 : null;

    public int? ReadInt32() => ReadInt64() is { } value ? (int)value : null;

    public long? ReadInt64() => Scalar(out var field, out var item) ? Value(field, item) : null;

    public double? ReadDouble() => Scalar(out var field, out var item)
        ? field.WireType == 2 ? throw Not(field, "number") : ProtoNumbers.ToDouble(field.Kind, item.Bits)
        : null;

    public string? ReadString()
    {
        if (!Scalar(out var field, out var item))
        {
            return null;
        }

        return field.Kind switch
        {
            ProtoKind.String or ProtoKind.Bytes => Encoding.UTF8.GetString(_data.Slice(item.Start, item.Length)),
            ProtoKind.Enum => field.Enum!.NameOf((int)item.Bits),
            ProtoKind.Bool => SqlText.Of(item.Bits != 0),
            ProtoKind.Double or ProtoKind.Float => SqlText.Of(ProtoNumbers.ToDouble(field.Kind, item.Bits)),
            ProtoKind.Message => throw Not(field, "STRING"),
            _ => ProtoNumbers.ToInt64(field.Kind, item.Bits).ToString(CultureInfo.InvariantCulture),
        };
    }

    public byte[]? ReadBytes() => Scalar(out var field, out var item)
        ? field.Kind is ProtoKind.Bytes or ProtoKind.String ? _data.Slice(item.Start, item.Length).ToArray() : throw Not(field, "BYTES")
        : null;

    public SqlDecimal? ReadDecimal(int precision, int scale)
    {
        var (field, item) = Take();
        if (field.Message?.FullName != ProtoWellKnown.Decimal)
        {
            throw Not(field, "DECIMAL");
        }

        var bytes = Find(item, 1);
        var unscaled = new BigInteger(_data.Slice(bytes.Start, bytes.Length), isBigEndian: true);
        return new SqlDecimal(unscaled, (int)Find(item, 3).Bits).Rescale(scale, SqlRounding.Unnecessary).ToType(precision, scale);
    }

    public SqlDate? ReadDate()
    {
        var (field, item) = Take();
        return field.Message?.FullName == ProtoWellKnown.Date
            ? new SqlDate((int)new CalendarDate(Int(item, 1), Math.Max(1, Int(item, 2)), Math.Max(1, Int(item, 3))).ToEpochDay())
            : throw Not(field, "DATE");
    }

    public SqlTime? ReadTime()
    {
        var (field, item) = Take();
        return field.Message?.FullName == ProtoWellKnown.TimeOfDay
            ? new SqlTime((((((Int(item, 1) * 60) + Int(item, 2)) * 60) + Int(item, 3)) * 1000) + (Int(item, 4) / 1_000_000))
            : throw Not(field, "TIME");
    }

    public SqlTimestamp? ReadTimestamp()
    {
        var (field, item) = Take();
        return field.Message?.FullName == ProtoWellKnown.Timestamp
            ? new SqlTimestamp(((long)Find(item, 1).Bits * 1000) + (Int(item, 2) / 1_000_000))
            : throw Not(field, "TIMESTAMP");
    }

    public bool BeginArray() => Begin();

    public bool NextElement()
    {
        var open = _open!.Peek();
        if (!open.MoveNext())
        {
            _open.Pop();
            return false;
        }

        (_field, _item) = (open.Field, open.Current);
        return true;
    }

    public bool BeginMap() => Begin();

    public bool NextEntry()
    {
        var open = _open!.Peek();
        if (!open.MoveNext())
        {
            _open.Pop();
            return false;
        }

        var entry = open.Field.Message!;
        (_field, _item) = (entry.ByNumber(1)!, Find(open.Current, 1));
        open.PendingValue = Find(open.Current, 2);
        return true;
    }

    public TStruct? ReadStruct<TStruct>()
        where TStruct : struct, IRow<TStruct>
    {
        var (field, item) = Take();
        return field.Message is { } message ? ReadMessage<TStruct>(message, item) : throw Not(field, "STRUCT");
    }

    private TRow ReadMessage<TRow>(ProtoMessage message, ProtoItem bytes)
        where TRow : struct, IRow<TRow>
    {
        var row = default(TRow);
        var ordinals = ProtoColumns<TRow>.Of(message);
        var collected = new List<ProtoItem>?[ordinals.Length];
        var seen = new bool[ordinals.Length];
        var input = new ProtoInput(_data.Slice(bytes.Start, bytes.Length));
        while (!input.AtEnd)
        {
            var (number, wireType) = input.Tag();
            var item = input.Item(wireType);
            item = item with { Start = item.Start + bytes.Start };
            var index = message.Fields.FindIndex(f => f.Number == number);
            if (index < 0 || ordinals[index] < 0)
            {
                continue;
            }

            seen[index] = true;
            if (message.Fields[index].IsRepeated)
            {
                Collect(message.Fields[index], wireType, item, collected[index] ??= []);
            }
            else
            {
                (_field, _item, _repeated) = (message.Fields[index], item, null);
                TRow.ReadColumn(ref row, ordinals[index], ref this);
            }
        }

        for (var i = 0; i < ordinals.Length; i++)
        {
            var field = message.Fields[i];
            if (ordinals[i] >= 0 && (field.IsRepeated || (!seen[i] && !field.HasPresence && field.Kind != ProtoKind.Message)))
            {
                (_field, _item, _repeated) = (field, default, field.IsRepeated ? collected[i] ?? [] : null);
                TRow.ReadColumn(ref row, ordinals[i], ref this);
            }
        }

        return row;
    }

    // Numbers may come packed into one piece of bytes.
    private readonly void Collect(ProtoField field, int wireType, ProtoItem item, List<ProtoItem> into)
    {
        if (wireType != 2 || field.WireType == 2)
        {
            into.Add(item);
            return;
        }

        var packed = new ProtoInput(_data.Slice(item.Start, item.Length));
        while (!packed.AtEnd)
        {
            into.Add(packed.Item(field.WireType));
        }
    }

    private bool Begin()
    {
        var (field, _) = Take();
        if (_repeated is null)
        {
            throw Not(field, "ARRAY or MAP");
        }

        (_open ??= new Stack<Collection>()).Push(new Collection(field, _repeated));
        _repeated = null;
        return true;
    }

    // The current value; in a map the value after the key becomes current.
    private (ProtoField Field, ProtoItem Item) Take()
    {
        var current = (_field!, _item);
        if (_open is { Count: > 0 } && _open.Peek() is { PendingValue: { } value } open)
        {
            open.PendingValue = null;
            (_field, _item) = (open.Field.Message!.ByNumber(2)!, value);
        }

        return current;
    }

    // A wrapper message stands for the value in it.
    private bool Scalar(out ProtoField field, out ProtoItem item)
    {
        (field, item) = Take();
        if (field.Message is { } message && ProtoWellKnown.Wrapped(message) is { } inner)
        {
            item = Find(item, 1);
            field = inner;
        }

        return true;
    }

    private readonly ProtoItem Find(ProtoItem message, int number)
    {
        var input = new ProtoInput(_data.Slice(message.Start, message.Length));
        var found = default(ProtoItem);
        while (!input.AtEnd)
        {
            var (tag, wireType) = input.Tag();
            var item = input.Item(wireType);
            found = tag == number ? item with { Start = item.Start + message.Start } : found;
        }

        return found;
    }

    private readonly int Int(ProtoItem message, int number) => (int)Find(message, number).Bits;

    private static long Value(ProtoField field, ProtoItem item) =>
        field.WireType == 2 ? throw Not(field, "number") : ProtoNumbers.ToInt64(field.Kind, item.Bits);

    private static SerializationException Not(ProtoField field, string type) =>
        new($"The Protobuf field {field.Name} of type {field.TypeName} is no {type}.");

    /// <summary>An open array or map: where its items are.</summary>
    private sealed class Collection(ProtoField repeated, List<ProtoItem> items)
    {
        private int _index = -1;

        public ProtoField Field => repeated;

        public ProtoItem Current => items[_index];

        /// <summary>The value of a map's entry while its key is current.</summary>
        public ProtoItem? PendingValue { get; set; }

        public bool MoveNext() => ++_index < items.Count;
    }
}
