using System.Globalization;
using System.Text.Json;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Avro;

/// <summary>Writes columns as a schema wants them; values are converted where the schema's type is another than the column's.</summary>
internal struct AvroColumnWriter(AvroOutput output, AvroSchema schema) : IColumnWriter
{
    private readonly AvroOutput _output = output;
    private AvroSchema _schema = schema;
    private Stack<AvroSchema>? _open;
    private bool _atKey;

    public static void WriteRow<TRow>(AvroOutput output, AvroSchema record, in TRow row)
        where TRow : struct, IRow<TRow>
    {
        var ordinals = AvroColumns<TRow>.Of(record);
        for (var i = 0; i < ordinals.Length; i++)
        {
            var field = record.Fields[i];
            if (ordinals[i] >= 0)
            {
                var writer = new AvroColumnWriter(output, field.Schema);
                row.WriteColumn(ordinals[i], ref writer);
            }
            else
            {
                WriteDefault(output, field);
            }
        }
    }

    public void WriteNull()
    {
        if (_schema.Kind == AvroKind.Null)
        {
            AfterValue();
            return;
        }

        for (var i = 0; i < _schema.Branches.Count; i++)
        {
            if (_schema.Branches[i].Kind == AvroKind.Null)
            {
                _output.Long(i);
                AfterValue();
                return;
            }
        }

        throw new SerializationException($"An Avro {_schema.Kind} cannot be null.");
    }

    public void WriteBoolean(bool? value)
    {
        if (value is not { } v)
        {
            WriteNull();
            return;
        }

        var s = Start();
        if (s.Kind == AvroKind.Boolean)
        {
            _output.Boolean(v);
        }
        else
        {
            Text(s, SqlText.Of(v));
        }

        AfterValue();
    }

    public void WriteInt32(int? value) => WriteInt64(value);

    public void WriteInt64(long? value)
    {
        if (value is not { } v)
        {
            WriteNull();
            return;
        }

        var s = Start();
        switch (s.Kind)
        {
            case AvroKind.Int or AvroKind.Long:
                _output.Long(v);
                break;
            case AvroKind.Float:
                _output.Float(v);
                break;
            case AvroKind.Double:
                _output.Double(v);
                break;
            case AvroKind.Bytes or AvroKind.Fixed:
                Decimal(s, SqlDecimal.FromInt64(v));
                break;
            default:
                Text(s, SqlText.Of(v));
                break;
        }

        AfterValue();
    }

    public void WriteDouble(double? value)
    {
        if (value is not { } v)
        {
            WriteNull();
            return;
        }

        var s = Start();
        switch (s.Kind)
        {
            case AvroKind.Double:
                _output.Double(v);
                break;
            case AvroKind.Float:
                _output.Float((float)v);
                break;
            default:
                Text(s, SqlText.Of(v));
                break;
        }

        AfterValue();
    }

    public void WriteDecimal(SqlDecimal? value, int precision, int scale)
    {
        if (value is not { } v)
        {
            WriteNull();
            return;
        }

        var s = Start();
        switch (s.Kind)
        {
            case AvroKind.Bytes or AvroKind.Fixed:
                Decimal(s, v);
                break;
            case AvroKind.Double:
                _output.Double(v.ToDouble());
                break;
            default:
                Text(s, v.ToString());
                break;
        }

        AfterValue();
    }

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteNull();
            return;
        }

        if (_atKey)
        {
            _atKey = false;
            _output.String(value);
            return;
        }

        Text(Start(), value);
        AfterValue();
    }

    public void WriteBytes(byte[]? value)
    {
        if (value is null)
        {
            WriteNull();
            return;
        }

        var s = Start();
        switch (s.Kind)
        {
            case AvroKind.Bytes or AvroKind.String:
                _output.Bytes(value);
                break;
            case AvroKind.Fixed when s.Size == value.Length:
                _output.Raw(value);
                break;
            default:
                throw Not(s);
        }

        AfterValue();
    }

    public void WriteDate(SqlDate? value) => WriteInt64(value?.Days);

    public void WriteTime(SqlTime? value) => WriteScaled(value?.Milliseconds);

    public void WriteTimestamp(SqlTimestamp? value) => WriteScaled(value?.Milliseconds);

    public void BeginArray(int count) => Begin(AvroKind.Array, count);

    public void EndArray() => End();

    public void BeginMap(int count)
    {
        Begin(AvroKind.Map, count);
        _atKey = true;
    }

    public void EndMap() => End();

    public void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct>
    {
        if (value is not { } row)
        {
            WriteNull();
            return;
        }

        var s = Start();
        WriteRow(_output, s.Kind == AvroKind.Record ? s : throw Not(s), row);
        AfterValue();
    }

    private readonly AvroSchema Start()
    {
        for (var i = 0; i < _schema.Branches.Count; i++)
        {
            if (_schema.Branches[i].Kind != AvroKind.Null)
            {
                _output.Long(i);
                return _schema.Branches[i];
            }
        }

        return _schema;
    }

    // A value in a map is followed by a key.
    private void AfterValue() => _atKey = _open is { Count: > 0 } && _open.Peek().Kind == AvroKind.Map;

    private void Begin(AvroKind kind, int count)
    {
        var s = Start();
        if (s.Kind != kind)
        {
            throw Not(s);
        }

        (_open ??= new Stack<AvroSchema>()).Push(s);
        if (count > 0)
        {
            _output.Long(count);
        }

        _atKey = false;
        _schema = s.Element!;
    }

    private void End()
    {
        _output.Long(0);
        _open!.Pop();
        if (_open.Count > 0)
        {
            _schema = _open.Peek().Element!;
        }

        AfterValue();
    }

    private void WriteScaled(long? milliseconds)
    {
        var micros = _schema.NotNull.Logical?.EndsWith("-micros", StringComparison.Ordinal) == true;
        WriteInt64(milliseconds * (micros ? 1000 : 1));
    }

    private readonly void Text(AvroSchema s, string text)
    {
        switch (s.Kind)
        {
            case AvroKind.String:
                _output.String(text);
                break;
            case AvroKind.Enum when s.Symbols.ToList().IndexOf(text) is var index and >= 0:
                _output.Long(index);
                break;
            default:
                throw Not(s);
        }
    }

    private readonly void Decimal(AvroSchema s, SqlDecimal value)
    {
        var bytes = value.Rescale(s.Scale).Unscaled.ToByteArray(isBigEndian: true);
        if (s.Kind == AvroKind.Bytes)
        {
            _output.Bytes(bytes);
            return;
        }

        var padded = new byte[s.Size];
        padded.AsSpan().Fill(value.Sign < 0 ? (byte)0xFF : (byte)0);
        bytes.CopyTo(padded.AsSpan(s.Size - bytes.Length));
        _output.Raw(padded);
    }

    private static void WriteDefault(AvroOutput output, AvroField field)
    {
        var writer = new AvroColumnWriter(output, field.Schema);
        using var value = JsonDocument.Parse(field.Default ?? "null");
        var element = value.RootElement;
        switch (element.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean(element.GetBoolean());
                break;
            case JsonValueKind.String:
                writer.WriteString(element.GetString());
                break;
            case JsonValueKind.Number when element.TryGetInt64(out var number):
                writer.WriteInt64(number);
                break;
            case JsonValueKind.Number:
                writer.WriteDouble(double.Parse(element.GetRawText(), CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.Array when element.GetArrayLength() == 0:
                writer.BeginArray(0);
                writer.EndArray();
                break;
            case JsonValueKind.Null:
                writer.WriteNull();
                break;
            default:
                throw new SerializationException($"The default of the Avro field {field.Name} is not supported; give the column a value.");
        }
    }

    private static SerializationException Not(AvroSchema schema) => new($"The value does not fit the Avro type {schema.Kind}.");
}
