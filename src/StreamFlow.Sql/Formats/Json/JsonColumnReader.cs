using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Json;

/// <summary>
/// Reads columns from JSON. The reader stands on the first token of a value before each call and on its last token after it.
/// Coercions are the dialect's: numbers may be text, text columns take any scalar, objects and arrays as text.
/// </summary>
internal ref struct JsonColumnReader : IColumnReader
{
    private Utf8JsonReader _json;

    public JsonColumnReader(ReadOnlySpan<byte> data)
    {
        _json = new Utf8JsonReader(data);
        _json.Read();
    }

    public void ExpectEnd()
    {
        if (_json.Read())
        {
            throw new FormatException("text follows the value");
        }
    }

    public bool? ReadBoolean() => _json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Not("BOOLEAN"),
    };

    public int? ReadInt32()
    {
        if (_json.TokenType == JsonTokenType.Number)
        {
            return _json.TryGetInt32(out var value) ? value : RawNumber().ToInt32();
        }

        return Text() is { } text ? SqlCast.ToInt32(text) : null;
    }

    public long? ReadInt64()
    {
        if (_json.TokenType == JsonTokenType.Number)
        {
            return _json.TryGetInt64(out var value) ? value : RawNumber().ToInt64();
        }

        return Text() is { } text ? SqlCast.ToInt64(text) : null;
    }

    public double? ReadDouble()
    {
        if (_json.TokenType == JsonTokenType.Number)
        {
            return _json.GetDouble();
        }

        return Text() is { } text
            ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Not("DOUBLE")
            : null;
    }

    public SqlDecimal? ReadDecimal(int precision, int scale)
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var value = _json.TokenType == JsonTokenType.Number ? RawNumber() : SqlDecimal.Parse(Text());
        var exact = value.Rescale(scale, SqlRounding.Unnecessary);
        return exact.ToType(precision, scale);
    }

    public string? ReadString()
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.PropertyName:
                var name = _json.GetString();
                _json.Read();
                return name;
            case JsonTokenType.String:
                return _json.GetString();
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            case JsonTokenType.Number:
                return Encoding.UTF8.GetString(_json.ValueSpan);
            default:
                // A compound value in a text column is the exception, so a document is cheap enough here.
                using (var document = JsonDocument.ParseValue(ref _json))
                {
                    return CompoundText(document.RootElement);
                }
        }
    }

    public byte[]? ReadBytes() => _json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String when _json.TryGetBytesFromBase64(out var bytes) => bytes,
        _ => throw Not("BYTES in base64"),
    };

    public SqlDate? ReadDate() => ReadInt32() is { } days ? new SqlDate(days) : null;

    public SqlTime? ReadTime() => ReadInt64() is { } ms ? new SqlTime((int)ms) : null;

    public SqlTimestamp? ReadTimestamp() => ReadInt64() is { } ms ? new SqlTimestamp(ms) : null;

    public bool BeginArray() => _json.TokenType switch
    {
        JsonTokenType.Null => false,
        JsonTokenType.StartArray => true,
        _ => throw Not("ARRAY"),
    };

    public bool NextElement() => _json.Read() && _json.TokenType != JsonTokenType.EndArray;

    public bool BeginMap() => _json.TokenType switch
    {
        JsonTokenType.Null => false,
        JsonTokenType.StartObject => true,
        _ => throw Not("MAP"),
    };

    public bool NextEntry() => _json.Read() && _json.TokenType != JsonTokenType.EndObject;

    public TStruct? ReadStruct<TStruct>()
        where TStruct : struct, IRow<TStruct>
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw Not("STRUCT");
        }

        var row = default(TStruct);
        var expected = 0;
        var seenExactly = 0UL;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var ordinal = JsonColumns<TStruct>.Find(ref _json, expected, out var exact);
            _json.Read();

            // {"a": 1, "A": 2}: the exact name wins wherever it stands.
            if (ordinal < 0 || (!exact && (seenExactly >> (ordinal & 63) & 1) != 0))
            {
                _json.Skip();
                continue;
            }

            seenExactly |= exact ? 1UL << (ordinal & 63) : 0;
            TStruct.ReadColumn(ref row, ordinal, ref this);
            expected = ordinal + 1;
        }

        return row;
    }

    private readonly SqlDecimal RawNumber() => SqlDecimal.Parse(Encoding.UTF8.GetString(_json.ValueSpan));

    private string? Text()
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return _json.GetString();
            case JsonTokenType.PropertyName:
                return ReadString();
            default:
                throw Not("number");
        }
    }

    private readonly FormatException Not(string type) => new($"{_json.TokenType} at byte {_json.TokenStartIndex} is no {type}");

    private static string CompoundText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(", ", element.EnumerateArray().Select(CompoundText))}]",
        JsonValueKind.Object => JsonText.Compact(element),
        JsonValueKind.String => element.GetString()!,
        _ => element.GetRawText(),
    };
}
