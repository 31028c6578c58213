using System.Text;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Values;

/// <summary>Prints a struct as Kafka Connect does: <c>Struct{A=1,B=x}</c>, null fields left out.</summary>
internal struct TextColumnWriter : IColumnWriter
{
    private readonly StringBuilder _text;
    private string? _fieldName;
    private bool _fieldsStarted;
    private readonly Stack<(bool IsMap, int Items)> _open;

    private TextColumnWriter(StringBuilder text)
    {
        _text = text;
        _open = new Stack<(bool, int)>();
    }

    public static string Print<TRow>(in TRow row)
        where TRow : struct, IRow<TRow>
    {
        var text = new StringBuilder();
        Append(text, row);
        return text.ToString();
    }

    private static void Append<TRow>(StringBuilder text, in TRow row)
        where TRow : struct, IRow<TRow>
    {
        text.Append("Struct{");
        var writer = new TextColumnWriter(text);
        for (var i = 0; i < TRow.Schema.Count; i++)
        {
            writer._fieldName = TRow.Schema[i].Name;
            row.WriteColumn(i, ref writer);
        }

        text.Append('}');
    }

    public void WriteNull()
    {
        if (_open.Count > 0)
        {
            Value("null");
        }
    }

    public void WriteBoolean(bool? value) => Optional(value is { } v ? SqlText.Of(v) : null);

    public void WriteInt32(int? value) => Optional(value is { } v ? SqlText.Of(v) : null);

    public void WriteInt64(long? value) => Optional(value is { } v ? SqlText.Of(v) : null);

    public void WriteDouble(double? value) => Optional(value is { } v ? SqlText.Of(v) : null);

    public void WriteDecimal(SqlDecimal? value, int precision, int scale) => Optional(value?.ToString());

    public void WriteString(string? value) => Optional(value);

    public void WriteBytes(byte[]? value) => Optional(value is null ? null : Convert.ToBase64String(value));

    public void WriteDate(SqlDate? value) => Optional(value?.ToString());

    public void WriteTime(SqlTime? value) => Optional(value?.ToString());

    public void WriteTimestamp(SqlTimestamp? value) => Optional(value?.ToString());

    public void BeginArray(int count)
    {
        Prefix();
        _text.Append('[');
        _open.Push((false, 0));
    }

    public void EndArray()
    {
        _open.Pop();
        _text.Append(']');
    }

    public void BeginMap(int count)
    {
        Prefix();
        _text.Append('{');
        _open.Push((true, 0));
    }

    public void EndMap()
    {
        _open.Pop();
        _text.Append('}');
    }

    public void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct>
    {
        if (value is null)
        {
            WriteNull();
            return;
        }

        Prefix();
        Append(_text, value.Value);
    }

    private void Optional(string? text)
    {
        if (text is null)
        {
            WriteNull();
        }
        else
        {
            Value(text);
        }
    }

    private void Value(string text)
    {
        Prefix();
        _text.Append(text);
    }

    private void Prefix()
    {
        if (_open.Count == 0)
        {
            _text.Append(_fieldsStarted ? "," : string.Empty).Append(_fieldName).Append('=');
            _fieldsStarted = true;
            return;
        }

        var (isMap, items) = _open.Pop();
        _text.Append(items == 0 ? string.Empty : isMap && items % 2 == 1 ? "=" : ", ");
        _open.Push((isMap, items + 1));
    }
}
