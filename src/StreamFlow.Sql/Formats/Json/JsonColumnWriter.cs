using System.Text.Json;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Json;

/// <summary>Writes columns as JSON: DECIMAL plain with its scale, DOUBLE as Java prints it, temporal types as numbers.</summary>
internal struct JsonColumnWriter : IColumnWriter
{
    // One bit a level of nesting, innermost last: whether it is a map, and whether a map waits for a key.
    private readonly Utf8JsonWriter _json;
    private ulong _maps;
    private ulong _keys;

    public JsonColumnWriter(Utf8JsonWriter json) => _json = json;

    public static void WriteRow<TRow>(Utf8JsonWriter json, in TRow row, params ReadOnlySpan<JsonEncodedText> nulls)
        where TRow : struct, IRow<TRow>
    {
        json.WriteStartObject();
        var writer = new JsonColumnWriter(json);
        var names = JsonColumns<TRow>.Encoded;
        for (var i = 0; i < names.Length; i++)
        {
            json.WritePropertyName(names[i]);
            row.WriteColumn(i, ref writer);
        }

        foreach (var name in nulls)
        {
            json.WriteNull(name);
        }

        json.WriteEndObject();
    }

    public void WriteNull()
    {
        Value();
        _json.WriteNullValue();
    }

    public void WriteBoolean(bool? value)
    {
        if (value is not { } v)
        {
            WriteNull();
        }
        else if (!IsKey(v))
        {
            _json.WriteBooleanValue(v);
        }
    }

    public void WriteInt32(int? value)
    {
        if (value is not { } v)
        {
            WriteNull();
        }
        else if (!IsKey(v))
        {
            _json.WriteNumberValue(v);
        }
    }

    public void WriteInt64(long? value)
    {
        if (value is not { } v)
        {
            WriteNull();
        }
        else if (!IsKey(v))
        {
            _json.WriteNumberValue(v);
        }
    }

    public void WriteDouble(double? value)
    {
        if (value is not { } v)
        {
            WriteNull();
        }
        else if (!IsKey(v))
        {
            WriteJavaDouble(_json, v);
        }
    }

    public void WriteDecimal(SqlDecimal? value, int precision, int scale)
    {
        if (value is not { } v)
        {
            WriteNull();
        }
        else if (!IsKey(v))
        {
            _json.WriteRawValue(v.ToString(), skipInputValidation: true);
        }
    }

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteNull();
        }
        else if (!IsKey(value))
        {
            _json.WriteStringValue(value);
        }
    }

    public void WriteBytes(byte[]? value)
    {
        if (value is null)
        {
            WriteNull();
        }
        else if (!IsKey(value))
        {
            _json.WriteBase64StringValue(value);
        }
    }

    public void WriteDate(SqlDate? value) => WriteInt32(value?.Days);

    public void WriteTime(SqlTime? value) => WriteInt32(value?.Milliseconds);

    public void WriteTimestamp(SqlTimestamp? value) => WriteInt64(value?.Milliseconds);

    public void BeginArray(int count)
    {
        Value();
        Push(isMap: false);
        _json.WriteStartArray();
    }

    public void EndArray()
    {
        Pop();
        _json.WriteEndArray();
    }

    public void BeginMap(int count)
    {
        Value();
        Push(isMap: true);
        _json.WriteStartObject();
    }

    public void EndMap()
    {
        Pop();
        _json.WriteEndObject();
    }

    public void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct>
    {
        Value();
        if (value is { } row)
        {
            WriteRow(_json, row);
        }
        else
        {
            _json.WriteNullValue();
        }
    }

    /// <summary>Writes a number as Java prints it; NaN and infinities are texts.</summary>
    public static void WriteJavaDouble(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteRawValue(SqlText.Of(value), skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(SqlText.Of(value));
        }
    }

    private bool IsKey<T>(T value)
    {
        if ((_maps & _keys & 1) != 0)
        {
            _keys &= ~1UL;
            _json.WritePropertyName(SqlText.OfNullable(value));
            return true;
        }

        Value();
        return false;
    }

    // A value in a map makes it wait for the next key.
    private void Value() => _keys |= _maps & 1;

    private void Push(bool isMap)
    {
        _maps = (_maps << 1) | (isMap ? 1UL : 0);
        _keys = (_keys << 1) | (isMap ? 1UL : 0);
    }

    private void Pop()
    {
        _maps >>= 1;
        _keys >>= 1;
    }
}
