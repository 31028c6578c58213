using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Formats.Avro;

/// <summary>Reads Avro's binary primitives; every length is checked against the bytes that are left.</summary>
internal ref struct AvroInput(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public readonly bool AtEnd => _rest.IsEmpty;

    public long Long()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new SerializationException("A varint of an Avro record is longer than 10 bytes.");
    }

    public int Int() => (int)Long();

    public bool Boolean() => Take(1)[0] != 0;

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    public string String() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes() => Take(Long());

    public ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw new SerializationException($"An Avro record needs {length} more bytes, but has {_rest.Length}.");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    /// <summary>The count of an array's or map's next block; a negative count is followed by the block's size in bytes.</summary>
    public long BlockCount()
    {
        var count = Long();
        if (count >= 0)
        {
            return count;
        }

        _ = Long();
        return -count;
    }

    public void Skip(AvroSchema schema)
    {
        switch (schema.Kind)
        {
            case AvroKind.Null:
                break;
            case AvroKind.Boolean:
                Take(1);
                break;
            case AvroKind.Int or AvroKind.Long or AvroKind.Enum:
                Long();
                break;
            case AvroKind.Float:
                Take(4);
                break;
            case AvroKind.Double:
                Take(8);
                break;
            case AvroKind.Bytes or AvroKind.String:
                Bytes();
                break;
            case AvroKind.Fixed:
                Take(schema.Size);
                break;
            case AvroKind.Union:
                Skip(Branch(schema));
                break;
            case AvroKind.Record:
                foreach (var field in schema.Fields)
                {
                    Skip(field.Schema);
                }

                break;
            default:
                SkipBlocks(schema);
                break;
        }
    }

    /// <summary>Reads which branch of a union follows.</summary>
    public AvroSchema Branch(AvroSchema union)
    {
        var index = Long();
        return index >= 0 && index < union.Branches.Count
            ? union.Branches[(int)index]
            : throw new SerializationException($"An Avro union of {union.Branches.Count} has no branch {index}.");
    }

    private void SkipBlocks(AvroSchema schema)
    {
        for (var count = BlockCount(); count > 0; count = BlockCount())
        {
            for (; count > 0; count--)
            {
                if (schema.Kind == AvroKind.Map)
                {
                    Bytes();
                }

                Skip(schema.Element!);
            }
        }
    }
}
