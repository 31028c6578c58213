using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Rows;

/// <summary>Writes one value at a time to a format's bytes; the mirror of <see cref="IColumnReader"/>.</summary>
/// <remarks>
/// Arrays: <c>BeginArray(count)</c>, the elements, <c>EndArray()</c>. Maps: <c>BeginMap(count)</c>, key and value of each
/// entry in turn, <c>EndMap()</c>. A null collection is one <see cref="WriteNull"/>.
/// </remarks>
public interface IColumnWriter
{
    /// <summary>Writes null, whatever the column's type.</summary>
    void WriteNull();

    /// <summary>Writes a BOOLEAN.</summary>
    void WriteBoolean(bool? value);

    /// <summary>Writes an INT.</summary>
    void WriteInt32(int? value);

    /// <summary>Writes a BIGINT.</summary>
    void WriteInt64(long? value);

    /// <summary>Writes a DOUBLE.</summary>
    void WriteDouble(double? value);

    /// <summary>Writes a DECIMAL whose value already has the type's scale.</summary>
    void WriteDecimal(SqlDecimal? value, int precision, int scale);

    /// <summary>Writes a STRING.</summary>
    void WriteString(string? value);

    /// <summary>Writes BYTES.</summary>
    void WriteBytes(byte[]? value);

    /// <summary>Writes a DATE.</summary>
    void WriteDate(SqlDate? value);

    /// <summary>Writes a TIME.</summary>
    void WriteTime(SqlTime? value);

    /// <summary>Writes a TIMESTAMP.</summary>
    void WriteTimestamp(SqlTimestamp? value);

    /// <summary>Starts an ARRAY of so many elements.</summary>
    void BeginArray(int count);

    /// <summary>Ends the innermost ARRAY.</summary>
    void EndArray();

    /// <summary>Starts a MAP of so many entries.</summary>
    void BeginMap(int count);

    /// <summary>Ends the innermost MAP.</summary>
    void EndMap();

    /// <summary>Writes a STRUCT.</summary>
    void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct>;
}
