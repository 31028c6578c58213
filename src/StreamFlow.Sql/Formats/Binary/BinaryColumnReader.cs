using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Binary;

/// <summary>Reads what <see cref="BinaryColumnWriter"/> wrote; every length is checked against the bytes that are left.</summary>
internal ref struct BinaryColumnReader(ReadOnlySpan<byte> data) : IColumnReader
{
    private ReadOnlySpan<byte> _rest = data;

    // Elements (or entries) left in each open collection, innermost last.
    private Stack<int>? _open;

    public readonly bool AtEnd => _rest.IsEmpty;

    public TRow ReadRow<TRow>()
        where TRow : struct, IRow<TRow>
    {
        var row = default(TRow);
        for (var i = 0; i < TRow.Schema.Count; i++)
        {
            TRow.ReadColumn(ref row, i, ref this);
        }

        return row;
    }

    public bool? ReadBoolean() => Take(1)[0] switch
    {
        BinaryColumnWriter.Null => null,
        BinaryColumnWriter.Present => false,
        _ => true,
    };

    public int? ReadInt32() => Present() ? BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int))) : null;

    public long? ReadInt64() => Present() ? BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long))) : null;

    public double? ReadDouble() => Present() ? BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double))) : null;

    public SqlDecimal? ReadDecimal(int precision, int scale) =>
        Present() ? new SqlDecimal(new BigInteger(TakeSized(), isBigEndian: true), scale) : null;

    public string? ReadString() => Present() ? Encoding.UTF8.GetString(TakeSized()) : null;

    public byte[]? ReadBytes() => Present() ? TakeSized().ToArray() : null;

    public SqlDate? ReadDate() => ReadInt32() is { } days ? new SqlDate(days) : null;

    public SqlTime? ReadTime() => ReadInt32() is { } ms ? new SqlTime(ms) : null;

    public SqlTimestamp? ReadTimestamp() => ReadInt64() is { } ms ? new SqlTimestamp(ms) : null;

    public bool BeginArray() => Begin();

    public bool NextElement() => Next();

    public bool BeginMap() => Begin();

    public bool NextEntry() => Next();

    public TStruct? ReadStruct<TStruct>()
        where TStruct : struct, IRow<TStruct> => Present() ? ReadRow<TStruct>() : null;

    private bool Begin()
    {
        if (!Present())
        {
            return false;
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));
        if ((uint)count > (uint)_rest.Length)
        {
            throw new SerializationException($"A collection of {count} elements does not fit into {_rest.Length} bytes.");
        }

        (_open ??= new Stack<int>()).Push(count);
        return true;
    }

    private readonly bool Next()
    {
        var left = _open!.Pop();
        if (left == 0)
        {
            return false;
        }

        _open.Push(left - 1);
        return true;
    }

    private bool Present() => Take(1)[0] != BinaryColumnWriter.Null;

    private ReadOnlySpan<byte> TakeSized() => Take(BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int))));

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            throw new SerializationException($"{length} bytes of a row are missing: only {_rest.Length} are left.");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
