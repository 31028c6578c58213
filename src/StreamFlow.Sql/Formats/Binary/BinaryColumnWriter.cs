using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Binary;

/// <summary>
/// Writes values for our own eyes. Every value starts with one byte: 0 for null, 1 for a value (BOOLEAN: 1 false, 2 true). Then
/// INT, DATE, TIME: 4 bytes; BIGINT, TIMESTAMP, DOUBLE: 8 bytes, all big-endian; STRING, BYTES: 4-byte length and bytes;
/// DECIMAL: the unscaled integer in two's complement, length first, its scale being the column's; ARRAY, MAP: 4-byte count and
/// values; STRUCT: its columns.
/// </summary>
internal readonly struct BinaryColumnWriter(IBufferWriter<byte> output) : IColumnWriter
{
    public const byte Null = 0;
    public const byte Present = 1;
    public const byte True = 2;

    public void WriteNull() => Tag(Null);

    public void WriteBoolean(bool? value) => Tag(value is { } v ? v ? True : Present : Null);

    public void WriteInt32(int? value)
    {
        if (Start(value.HasValue))
        {
            Int32(value.GetValueOrDefault());
        }
    }

    public void WriteInt64(long? value)
    {
        if (Start(value.HasValue))
        {
            BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), value.GetValueOrDefault());
            output.Advance(sizeof(long));
        }
    }

    public void WriteDouble(double? value) => WriteInt64(value is { } v ? BitConverter.DoubleToInt64Bits(v) : null);

    public void WriteDecimal(SqlDecimal? value, int precision, int scale) =>
        WriteBytes(value is { } v ? v.Rescale(scale).Unscaled.ToByteArray(isBigEndian: true) : null);

    public void WriteString(string? value)
    {
        if (Start(value is not null))
        {
            Int32(Encoding.UTF8.GetByteCount(value!));
            Encoding.UTF8.GetBytes(value, output);
        }
    }

    public void WriteBytes(byte[]? value)
    {
        if (Start(value is not null))
        {
            Int32(value!.Length);
            output.Write(value);
        }
    }

    public void WriteDate(SqlDate? value) => WriteInt32(value?.Days);

    public void WriteTime(SqlTime? value) => WriteInt32(value?.Milliseconds);

    public void WriteTimestamp(SqlTimestamp? value) => WriteInt64(value?.Milliseconds);

    public void BeginArray(int count)
    {
        Tag(Present);
        Int32(count);
    }

    public void EndArray()
    {
    }

    public void BeginMap(int count)
    {
        Tag(Present);
        Int32(count);
    }

    public void EndMap()
    {
    }

    public void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct>
    {
        if (!Start(value.HasValue))
        {
            return;
        }

        var row = value.GetValueOrDefault();
        var writer = this;
        for (var i = 0; i < TStruct.Schema.Count; i++)
        {
            row.WriteColumn(i, ref writer);
        }
    }

    private bool Start(bool present)
    {
        Tag(present ? Present : Null);
        return present;
    }

    private void Tag(byte tag)
    {
        output.GetSpan(1)[0] = tag;
        output.Advance(1);
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }
}
