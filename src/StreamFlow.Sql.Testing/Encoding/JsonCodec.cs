using System.Text.Json;
using StreamFlow.Sql.Testing.Values;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>JSON: the text of the value, unchanged. The columns' types say how numbers are compared.</summary>
/// <param name="type">A STRUCT of the columns, or the type of the bare column; null when unknown.</param>
internal sealed class JsonCodec(SqlType? type) : ISideCodec
{
    public byte[] Encode(JsonElement value) => System.Text.Encoding.UTF8.GetBytes(value.GetRawText());

    public ActualValue Decode(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        return Convert(document.RootElement, type);
    }

    internal static ActualValue Convert(JsonElement element, SqlType? type)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                return ActualValue.Null;
            case JsonValueKind.True or JsonValueKind.False:
                return new BooleanValue(element.GetBoolean());
            case JsonValueKind.String:
                return new TextValue(element.GetString()!);
            case JsonValueKind.Array:
                var item = (type as SqlArrayType)?.Element;
                return new ListValue([.. element.EnumerateArray().Select(e => Convert(e, item))]);
            case JsonValueKind.Object:
                return new ObjectValue([.. element.EnumerateObject().Select(p =>
                    KeyValuePair.Create(p.Name, Convert(p.Value, TypeOf(type, p.Name))))]);
            default:
                var text = element.GetRawText();
                return new NumberValue(KindOf(type, text), text);
        }
    }

    private static SqlType? TypeOf(SqlType? type, string name) => type switch
    {
        SqlStructType s => s.Find(name)?.Type,
        SqlMapType m => m.Value,
        _ => null,
    };

    private static NumberKind KindOf(SqlType? type, string text) => type?.BaseType switch
    {
        SqlBaseType.Double => NumberKind.Double,
        SqlBaseType.Decimal => NumberKind.Decimal,
        _ => text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? NumberKind.Integer : NumberKind.Decimal,
    };
}
