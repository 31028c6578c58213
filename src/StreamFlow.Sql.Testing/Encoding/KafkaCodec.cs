using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using StreamFlow.Sql.Testing.Values;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>KAFKA: primitives in Kafka's bytes. BYTES are the UTF-8 of the JSON string; a side without columns is plain text.</summary>
internal sealed class KafkaCodec(SqlType? type) : ISideCodec
{
    public byte[] Encode(JsonElement value)
    {
        var text = JsonTexts.Plain(value);
        switch (type?.BaseType)
        {
            case SqlBaseType.Integer:
                var int32 = new byte[sizeof(int)];
                BinaryPrimitives.WriteInt32BigEndian(int32, int.Parse(text, CultureInfo.InvariantCulture));
                return int32;
            case SqlBaseType.BigInt:
                var int64 = new byte[sizeof(long)];
                BinaryPrimitives.WriteInt64BigEndian(int64, long.Parse(text, CultureInfo.InvariantCulture));
                return int64;
            case SqlBaseType.Double:
                var number = new byte[sizeof(double)];
                BinaryPrimitives.WriteDoubleBigEndian(number, double.Parse(text, CultureInfo.InvariantCulture));
                return number;
            default:
                return System.Text.Encoding.UTF8.GetBytes(text);
        }
    }

    public ActualValue Decode(byte[] bytes) => type?.BaseType switch
    {
        SqlBaseType.Integer => ActualValue.Integer(BinaryPrimitives.ReadInt32BigEndian(bytes)),
        SqlBaseType.BigInt => ActualValue.Integer(BinaryPrimitives.ReadInt64BigEndian(bytes)),
        SqlBaseType.Double => ActualValue.Double(BinaryPrimitives.ReadDoubleBigEndian(bytes)),
        _ => new TextValue(System.Text.Encoding.UTF8.GetString(bytes)),
    };
}
