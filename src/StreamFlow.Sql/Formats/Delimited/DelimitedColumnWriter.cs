using System.Text;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Delimited;

/// <summary>Writes the fields of one CSV record and quotes what would be misread otherwise.</summary>
internal struct DelimitedColumnWriter(StringBuilder text, char delimiter) : IColumnWriter
{
    private bool _started;

    public void WriteNull() => Field(null);

    public void WriteBoolean(bool? value) => Field(value is { } v ? SqlText.Of(v) : null);

    public void WriteInt32(int? value) => Field(value is { } v ? SqlText.Of(v) : null);

    public void WriteInt64(long? value) => Field(value is { } v ? SqlText.Of(v) : null);

    public void WriteDouble(double? value) => Field(value is { } v ? SqlText.Of(v) : null);

    public void WriteDecimal(SqlDecimal? value, int precision, int scale) => Field(value?.ToString());

    public void WriteString(string? value) => Field(value);

    public void WriteBytes(byte[]? value) => Field(value is null ? null : Convert.ToBase64String(value));

    public void WriteDate(SqlDate? value) => WriteInt32(value?.Days);

    public void WriteTime(SqlTime? value) => WriteInt32(value?.Milliseconds);

    public void WriteTimestamp(SqlTimestamp? value) => WriteInt64(value?.Milliseconds);

    public void BeginArray(int count) => throw DelimitedColumnReader.Unsupported("ARRAY");

    public void EndArray()
    {
    }

    public void BeginMap(int count) => throw DelimitedColumnReader.Unsupported("MAP");

    public void EndMap()
    {
    }

    public void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct> => throw DelimitedColumnReader.Unsupported("STRUCT");

    private void Field(string? value)
    {
        var first = !_started;
        if (!first)
        {
            text.Append(delimiter);
        }

        _started = true;
        if (value is not null && NeedsQuotes(value, first))
        {
            text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            text.Append(value);
        }
    }

    // The rules of a CSV printer that quotes as little as it can: the first field of a record must not look empty or odd, no
    // field may start like a comment or end in a space, and separators always need quotes.
    private readonly bool NeedsQuotes(string value, bool first)
    {
        if (value.Length == 0)
        {
            return first;
        }

        var start = value[0];
        if (start <= '#' || value[^1] <= ' ' || (first && !char.IsAsciiLetterOrDigit(start)))
        {
            return true;
        }

        return value.AsSpan().IndexOfAny('"', '\r', '\n') >= 0 || value.Contains(delimiter, StringComparison.Ordinal);
    }
}
