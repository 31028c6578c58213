using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Rows;

/// <summary>
/// Reads one value at a time from a format's bytes. Each call reads the value the reader stands on, as the type asked for,
/// and moves behind it; null in the bytes is null here.
/// </summary>
/// <remarks>
/// Arrays: <c>if (r.BeginArray()) while (r.NextElement()) list.Add(r.ReadX());</c>. Maps:
/// <c>if (r.BeginMap()) while (r.NextEntry()) { var k = r.ReadX(); map[k] = r.ReadY(); }</c>. Once <c>Next...</c> has
/// returned false the collection is behind the reader.
/// A value that cannot be read as the type asked for throws the format's deserialization error.
/// </remarks>
public interface IColumnReader
{
    /// <summary>Reads a BOOLEAN.</summary>
    bool? ReadBoolean();

    /// <summary>Reads an INT.</summary>
    int? ReadInt32();

    /// <summary>Reads a BIGINT.</summary>
    long? ReadInt64();

    /// <summary>Reads a DOUBLE.</summary>
    double? ReadDouble();

    /// <summary>Reads a DECIMAL; the value must fit the type exactly and comes back with its scale.</summary>
    SqlDecimal? ReadDecimal(int precision, int scale);

    /// <summary>Reads a STRING.</summary>
    string? ReadString();

    /// <summary>Reads BYTES.</summary>
    byte[]? ReadBytes();

    /// <summary>Reads a DATE.</summary>
    SqlDate? ReadDate();

    /// <summary>Reads a TIME.</summary>
    SqlTime? ReadTime();

    /// <summary>Reads a TIMESTAMP.</summary>
    SqlTimestamp? ReadTimestamp();

    /// <summary>Enters an ARRAY; false if it is null (and then it is behind the reader).</summary>
    bool BeginArray();

    /// <summary>Moves to the next element; false at the end.</summary>
    bool NextElement();

    /// <summary>Enters a MAP; false if it is null (and then it is behind the reader).</summary>
    bool BeginMap();

    /// <summary>Moves to the key of the next entry (read the key, then the value); false at the end.</summary>
    bool NextEntry();

    /// <summary>Reads a STRUCT.</summary>
    TStruct? ReadStruct<TStruct>()
        where TStruct : struct, IRow<TStruct>;
}
