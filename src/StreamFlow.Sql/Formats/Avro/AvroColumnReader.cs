using System.Globalization;
using System.Numerics;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Avro;

/// <summary>Reads columns from Avro bytes by the schema they were written with.</summary>
internal ref struct AvroColumnReader(ReadOnlySpan<byte> data, AvroSchema schema) : IColumnReader
{
    private AvroInput _input = new(data);
    private AvroSchema _schema = schema;

    // Open arrays and maps, innermost last: their schema and how many items the current block still has.
    private Stack<(AvroSchema Collection, long Left)>? _open;
    private bool _atKey;

    public bool? ReadBoolean() => Next() switch
    {
        { Kind: AvroKind.Null } => null,
        { Kind: AvroKind.Boolean } => _input.Boolean(),
        var s => throw Not(s, "BOOLEAN"),
    };

    public int? ReadInt32() => ReadInt64() is { } value ? (int)value : null;

    public long? ReadInt64()
    {
        var s = Next();
        return s.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.Int or AvroKind.Long => _input.Long(),
            AvroKind.Float => (long)_input.Float(),
            AvroKind.Double => (long)_input.Double(),
            _ => throw Not(s, "BIGINT"),
        };
    }

    public double? ReadDouble()
    {
        var s = Next();
        return s.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.Int or AvroKind.Long => _input.Long(),
            AvroKind.Float => double.Parse(_input.Float().ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            AvroKind.Double => _input.Double(),
            _ => throw Not(s, "DOUBLE"),
        };
    }

    public SqlDecimal? ReadDecimal(int precision, int scale)
    {
        var s = Next();
        var value = s.Kind switch
        {
            AvroKind.Null => (SqlDecimal?)null,
            AvroKind.Bytes => new SqlDecimal(new BigInteger(_input.Bytes(), isBigEndian: true), s.Scale),
            AvroKind.Fixed => new SqlDecimal(new BigInteger(_input.Take(s.Size), isBigEndian: true), s.Scale),
            AvroKind.Int or AvroKind.Long => SqlDecimal.FromInt64(_input.Long()),
            AvroKind.String => SqlDecimal.Parse(_input.String()),
            AvroKind.Double => SqlDecimal.FromDouble(_input.Double()),
            _ => throw Not(s, "DECIMAL"),
        };
        return value?.Rescale(scale, SqlRounding.Unnecessary).ToType(precision, scale);
    }

    public string? ReadString()
    {
        if (_atKey)
        {
            _atKey = false;
            return _input.String();
        }

        var s = Next();
        return s.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.String => _input.String(),
            AvroKind.Enum => s.Symbols[checked((int)_input.Long())],
            AvroKind.Int or AvroKind.Long => _input.Long().ToString(CultureInfo.InvariantCulture),
            AvroKind.Boolean => SqlText.Of(_input.Boolean()),
            AvroKind.Double => SqlText.Of(_input.Double()),
            _ => throw Not(s, "STRING"),
        };
    }

    public byte[]? ReadBytes()
    {
        var s = Next();
        return s.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.Bytes or AvroKind.String => _input.Bytes().ToArray(),
            AvroKind.Fixed => _input.Take(s.Size).ToArray(),
            _ => throw Not(s, "BYTES"),
        };
    }

    public SqlDate? ReadDate() => ReadInt32() is { } days ? new SqlDate(days) : null;

    public SqlTime? ReadTime() => ReadScaled() is { } ms ? new SqlTime((int)ms) : null;

    public SqlTimestamp? ReadTimestamp() => ReadScaled() is { } ms ? new SqlTimestamp(ms) : null;

    public bool BeginArray() => Begin(AvroKind.Array);

    public bool NextElement() => NextItem();

    public bool BeginMap() => Begin(AvroKind.Map);

    public bool NextEntry()
    {
        _atKey = NextItem();
        return _atKey;
    }

    public TStruct? ReadStruct<TStruct>()
        where TStruct : struct, IRow<TStruct>
    {
        var s = Next();
        return s.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.Record => ReadRow<TStruct>(s),
            _ => throw Not(s, "STRUCT"),
        };
    }

    private TRow ReadRow<TRow>(AvroSchema record)
        where TRow : struct, IRow<TRow>
    {
        var row = default(TRow);
        var ordinals = AvroColumns<TRow>.Of(record);
        for (var i = 0; i < ordinals.Length; i++)
        {
            _schema = record.Fields[i].Schema;
            if (ordinals[i] >= 0)
            {
                TRow.ReadColumn(ref row, ordinals[i], ref this);
            }
            else
            {
                _input.Skip(_schema);
            }
        }

        return row;
    }

    private AvroSchema Next() => _schema.Kind == AvroKind.Union ? _input.Branch(_schema) : _schema;

    private long? ReadScaled()
    {
        var micros = _schema.NotNull.Logical?.EndsWith("-micros", StringComparison.Ordinal) == true;
        return ReadInt64() is { } value ? micros ? value / 1000 : value : null;
    }

    private bool Begin(AvroKind kind)
    {
        var s = Next();
        if (s.Kind == AvroKind.Null)
        {
            return false;
        }

        if (s.Kind != kind)
        {
            throw Not(s, kind.ToString());
        }

        (_open ??= new Stack<(AvroSchema, long)>()).Push((s, 0));
        return true;
    }

    private bool NextItem()
    {
        var (collection, left) = _open!.Pop();
        if (left == 0)
        {
            left = _input.BlockCount();
            if (left == 0)
            {
                return false;
            }
        }

        _open.Push((collection, left - 1));
        _schema = collection.Element!;
        return true;
    }

    private static SerializationException Not(AvroSchema schema, string type) => new($"An Avro {schema.Kind} is no {type}.");
}
