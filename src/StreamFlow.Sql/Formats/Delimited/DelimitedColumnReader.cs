using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Delimited;

/// <summary>Walks the fields of one CSV record; <see cref="Next"/> finds a field, the read methods convert it.</summary>
internal ref struct DelimitedColumnReader : IColumnReader
{
    private readonly char _delimiter;
    private ReadOnlySpan<char> _rest;
    private string? _field;
    private bool _ended;

    public DelimitedColumnReader(string record, char delimiter)
    {
        _delimiter = delimiter;
        _rest = record.AsSpan().TrimEnd("\r\n");
    }

    /// <summary>Whether all fields were read.</summary>
    public readonly bool AtEnd => _ended;

    public void Next()
    {
        if (_ended)
        {
            throw new SerializationException("The record has fewer fields than there are columns.");
        }

        var text = _rest.Length > 0 && _rest[0] == '"' ? Quoted() : Plain();
        _field = string.IsNullOrWhiteSpace(text) ? null : text;
    }

    public readonly bool? ReadBoolean() => _field is null ? null : SqlCast.ToBoolean(_field);

    public readonly int? ReadInt32() => _field is null ? null : SqlCast.ToInt32(_field);

    public readonly long? ReadInt64() => _field is null ? null : SqlCast.ToInt64(_field);

    public readonly double? ReadDouble() => _field is null ? null : SqlCast.ToDouble(_field);

    public readonly SqlDecimal? ReadDecimal(int precision, int scale) =>
        _field is null ? null : SqlDecimal.Parse(_field.Trim()).Rescale(scale, SqlRounding.Unnecessary).ToType(precision, scale);

    public readonly string? ReadString() => _field;

    public readonly byte[]? ReadBytes() => _field is null ? null : SqlCast.ToBytes(_field);

    public readonly SqlDate? ReadDate() => ReadInt32() is { } days ? new SqlDate(days) : null;

    public readonly SqlTime? ReadTime() => ReadInt32() is { } ms ? new SqlTime(ms) : null;

    public readonly SqlTimestamp? ReadTimestamp() => ReadInt64() is { } ms ? new SqlTimestamp(ms) : null;

    public readonly bool BeginArray() => throw Unsupported("ARRAY");

    public readonly bool NextElement() => false;

    public readonly bool BeginMap() => throw Unsupported("MAP");

    public readonly bool NextEntry() => false;

    public readonly TStruct? ReadStruct<TStruct>()
        where TStruct : struct, IRow<TStruct> => throw Unsupported("STRUCT");

    internal static SerializationException Unsupported(string type) => new($"The DELIMITED format has no {type}.");

    private string Plain()
    {
        var end = _rest.IndexOf(_delimiter);
        var text = (end < 0 ? _rest : _rest[..end]).ToString();
        Skip(end < 0 ? _rest.Length : end);
        return text;
    }

    private string Quoted()
    {
        var text = new StringBuilder();
        for (var i = 1; i < _rest.Length; i++)
        {
            if (_rest[i] != '"')
            {
                text.Append(_rest[i]);
            }
            else if (i + 1 < _rest.Length && _rest[i + 1] == '"')
            {
                text.Append('"');
                i++;
            }
            else
            {
                var after = _rest[(i + 1)..];
                var blank = after.Length - after.TrimStart(_delimiter == ' ' ? '\t' : ' ').Length;
                if (blank < after.Length && after[blank] != _delimiter)
                {
                    throw new SerializationException("Text follows a quoted field.");
                }

                Skip(i + 1 + blank);
                return text.ToString();
            }
        }

        throw new SerializationException("A quoted field does not end.");
    }

    private void Skip(int length)
    {
        _ended = length == _rest.Length;
        _rest = _ended ? default : _rest[(length + 1)..];
    }
}
