using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Kafka;

/// <summary>Writes the bytes of Kafka's primitive serdes; null is no bytes.</summary>
internal readonly struct KafkaColumnWriter(IBufferWriter<byte> output) : IColumnWriter
{
    public void WriteNull()
    {
    }

    public void WriteInt32(int? value)
    {
        if (value is { } v)
        {
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), v);
            output.Advance(sizeof(int));
        }
    }

    public void WriteInt64(long? value)
    {
        if (value is { } v)
        {
            BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), v);
            output.Advance(sizeof(long));
        }
    }

    public void WriteDouble(double? value)
    {
        if (value is { } v)
        {
            BinaryPrimitives.WriteDoubleBigEndian(output.GetSpan(sizeof(double)), v);
            output.Advance(sizeof(double));
        }
    }

    public void WriteString(string? value) => Encoding.UTF8.GetBytes(value ?? string.Empty, output);

    public void WriteBytes(byte[]? value) => output.Write(value ?? []);

    public void WriteBoolean(bool? value) => throw KafkaColumnReader.Unsupported("BOOLEAN");

    public void WriteDecimal(SqlDecimal? value, int precision, int scale) => throw KafkaColumnReader.Unsupported("DECIMAL");

    public void WriteDate(SqlDate? value) => throw KafkaColumnReader.Unsupported("DATE");

    public void WriteTime(SqlTime? value) => throw KafkaColumnReader.Unsupported("TIME");

    public void WriteTimestamp(SqlTimestamp? value) => throw KafkaColumnReader.Unsupported("TIMESTAMP");

    public void BeginArray(int count) => throw KafkaColumnReader.Unsupported("ARRAY");

    public void EndArray()
    {
    }

    public void BeginMap(int count) => throw KafkaColumnReader.Unsupported("MAP");

    public void EndMap()
    {
    }

    public void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct> => throw KafkaColumnReader.Unsupported("STRUCT");
}
