namespace StreamFlow.Sql.Types;

/// <summary>The kind of an SQL type, without its parameters.</summary>
public enum SqlBaseType
{
    /// <summary><c>BOOLEAN</c>, CLR <c>bool?</c>.</summary>
    Boolean,

    /// <summary><c>INT</c>, CLR <c>int?</c>.</summary>
    Integer,

    /// <summary><c>BIGINT</c>, CLR <c>long?</c>.</summary>
    BigInt,

    /// <summary><c>DECIMAL(p, s)</c>, CLR <c>SqlDecimal?</c>.</summary>
    Decimal,

    /// <summary><c>DOUBLE</c>, CLR <c>double?</c>.</summary>
    Double,

    /// <summary><c>STRING</c>, CLR <c>string?</c>.</summary>
    String,

    /// <summary><c>BYTES</c>, CLR <c>byte[]?</c>.</summary>
    Bytes,

    /// <summary><c>DATE</c>, CLR <c>SqlDate?</c>: days since 1970-01-01.</summary>
    Date,

    /// <summary><c>TIME</c>, CLR <c>SqlTime?</c>: milliseconds of the day.</summary>
    Time,

    /// <summary><c>TIMESTAMP</c>, CLR <c>SqlTimestamp?</c>: milliseconds since 1970-01-01T00:00 UTC.</summary>
    Timestamp,

    /// <summary><c>ARRAY&lt;T&gt;</c>, CLR <c>SqlArray&lt;T&gt;?</c> over the nullable element type.</summary>
    Array,

    /// <summary><c>MAP&lt;K, V&gt;</c>, CLR <c>SqlMap&lt;K, V&gt;?</c>, in insertion order.</summary>
    Map,

    /// <summary><c>STRUCT&lt;f T, ...&gt;</c>, CLR a generated readonly struct, nullable.</summary>
    Struct,
}
