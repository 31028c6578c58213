using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Kafka;

/// <summary>Reads the bytes of Kafka's primitive serdes.</summary>
internal readonly ref struct KafkaColumnReader(ReadOnlySpan<byte> data) : IColumnReader
{
    private readonly ReadOnlySpan<byte> _data = data;

    public int? ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Exactly(sizeof(int), "INT"));

    public long? ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Exactly(sizeof(long), "BIGINT"));

    public double? ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Exactly(sizeof(double), "DOUBLE"));

    public string? ReadString() => Encoding.UTF8.GetString(_data);

    public byte[]? ReadBytes() => _data.ToArray();

    public bool? ReadBoolean() => throw Unsupported("BOOLEAN");

    public SqlDecimal? ReadDecimal(int precision, int scale) => throw Unsupported("DECIMAL");

    public SqlDate? ReadDate() => throw Unsupported("DATE");

    public SqlTime? ReadTime() => throw Unsupported("TIME");

    public SqlTimestamp? ReadTimestamp() => throw Unsupported("TIMESTAMP");

    public bool BeginArray() => throw Unsupported("ARRAY");

    public bool NextElement() => false;

    public bool BeginMap() => throw Unsupported("MAP");

    public bool NextEntry() => false;

    public TStruct? ReadStruct<TStruct>()
        where TStruct : struct, IRow<TStruct> => throw Unsupported("STRUCT");

    internal static SerializationException Unsupported(string type) => new($"The KAFKA format has no {type}.");

    private ReadOnlySpan<byte> Exactly(int length, string type) => _data.Length == length
        ? _data
        : throw new SerializationException($"{_data.Length} bytes are no {type} of the KAFKA format, which has {length}.");
}
