namespace StreamFlow.Sql.Types;

/// <summary>
/// A type of the SQL dialect. Types are values: two types are equal when they print the same.
/// <see cref="ToString"/> prints the dialect's own syntax, which <see cref="SqlTypeParser"/> reads back.
/// </summary>
public abstract record SqlType
{
    private protected SqlType(SqlBaseType baseType) => BaseType = baseType;

    /// <summary>The kind of the type.</summary>
    public SqlBaseType BaseType { get; }

    /// <summary>True for <c>INT</c>, <c>BIGINT</c>, <c>DECIMAL</c> and <c>DOUBLE</c>.</summary>
    public bool IsNumeric => BaseType is SqlBaseType.Integer or SqlBaseType.BigInt or SqlBaseType.Decimal or SqlBaseType.Double;

    /// <summary>True for <c>DATE</c>, <c>TIME</c> and <c>TIMESTAMP</c>.</summary>
    public bool IsTemporal => BaseType is SqlBaseType.Date or SqlBaseType.Time or SqlBaseType.Timestamp;

    /// <summary>True for <c>ARRAY</c>, <c>MAP</c> and <c>STRUCT</c>.</summary>
    public bool IsCompound => BaseType is SqlBaseType.Array or SqlBaseType.Map or SqlBaseType.Struct;

    /// <summary><c>BOOLEAN</c>.</summary>
    public static SqlPrimitiveType Boolean { get; } = new(SqlBaseType.Boolean, "BOOLEAN");

    /// <summary><c>INTEGER</c>.</summary>
    public static SqlPrimitiveType Integer { get; } = new(SqlBaseType.Integer, "INTEGER");

    /// <summary><c>BIGINT</c>.</summary>
    public static SqlPrimitiveType BigInt { get; } = new(SqlBaseType.BigInt, "BIGINT");

    /// <summary><c>DOUBLE</c>.</summary>
    public static SqlPrimitiveType Double { get; } = new(SqlBaseType.Double, "DOUBLE");

    /// <summary><c>STRING</c>.</summary>
    public static SqlPrimitiveType String { get; } = new(SqlBaseType.String, "STRING");

    /// <summary><c>BYTES</c>.</summary>
    public static SqlPrimitiveType Bytes { get; } = new(SqlBaseType.Bytes, "BYTES");

    /// <summary><c>DATE</c>.</summary>
    public static SqlPrimitiveType Date { get; } = new(SqlBaseType.Date, "DATE");

    /// <summary><c>TIME</c>.</summary>
    public static SqlPrimitiveType Time { get; } = new(SqlBaseType.Time, "TIME");

    /// <summary><c>TIMESTAMP</c>.</summary>
    public static SqlPrimitiveType Timestamp { get; } = new(SqlBaseType.Timestamp, "TIMESTAMP");

    /// <summary><c>DECIMAL(precision, scale)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Precision below 1, or a scale outside 0..precision.</exception>
    public static SqlDecimalType Decimal(int precision, int scale) => new(precision, scale);

    /// <summary><c>ARRAY&lt;element&gt;</c>.</summary>
    public static SqlArrayType Array(SqlType element) => new(element);

    /// <summary><c>MAP&lt;key, value&gt;</c>.</summary>
    public static SqlMapType Map(SqlType key, SqlType value) => new(key, value);

    /// <summary><c>STRUCT&lt;...&gt;</c> with the fields in this order.</summary>
    public static SqlStructType Struct(params IEnumerable<SqlField> fields) => new([.. fields]);
}

/// <summary>A type without parameters.</summary>
public sealed record SqlPrimitiveType : SqlType
{
    private readonly string _name;

    internal SqlPrimitiveType(SqlBaseType baseType, string name)
        : base(baseType) => _name = name;

    /// <inheritdoc/>
    public override string ToString() => _name;
}

/// <summary>Exact numbers of at most <see cref="Precision"/> digits, <see cref="Scale"/> of them after the point.</summary>
public sealed record SqlDecimalType : SqlType
{
    /// <summary>Creates the type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Precision below 1, or a scale outside 0..precision.</exception>
    public SqlDecimalType(int precision, int scale)
        : base(SqlBaseType.Decimal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        Precision = precision;
        Scale = scale;
    }

    /// <summary>Total number of digits, at least 1.</summary>
    public int Precision { get; }

    /// <summary>Digits after the point, 0..<see cref="Precision"/>.</summary>
    public int Scale { get; }

    /// <inheritdoc/>
    public override string ToString() => $"DECIMAL({Precision}, {Scale})";
}

/// <summary>A list; elements may be null.</summary>
public sealed record SqlArrayType : SqlType
{
    /// <summary>Creates the type.</summary>
    public SqlArrayType(SqlType element)
        : base(SqlBaseType.Array) => Element = element;

    /// <summary>The type of the elements.</summary>
    public SqlType Element { get; }

    /// <inheritdoc/>
    public override string ToString() => $"ARRAY<{Element}>";
}

/// <summary>A map; only <c>STRING</c> keys survive serialization.</summary>
public sealed record SqlMapType : SqlType
{
    /// <summary>Creates the type.</summary>
    public SqlMapType(SqlType key, SqlType value)
        : base(SqlBaseType.Map)
    {
        Key = key;
        Value = value;
    }

    /// <summary>The type of the keys.</summary>
    public SqlType Key { get; }

    /// <summary>The type of the values.</summary>
    public SqlType Value { get; }

    /// <inheritdoc/>
    public override string ToString() => $"MAP<{Key}, {Value}>";
}

/// <summary>Named fields in a fixed order.</summary>
public sealed record SqlStructType : SqlType
{
    /// <summary>Creates the type.</summary>
    public SqlStructType(IReadOnlyList<SqlField> fields)
        : base(SqlBaseType.Struct) => Fields = fields;

    /// <summary>The fields in declaration order; may be empty.</summary>
    public IReadOnlyList<SqlField> Fields { get; }

    /// <summary>The field of exactly this name (case-sensitive), or null.</summary>
    public SqlField? Find(string name)
    {
        foreach (var field in Fields)
        {
            if (string.Equals(field.Name, name, StringComparison.Ordinal))
            {
                return field;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(SqlStructType? other) => other is not null && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var field in Fields)
        {
            hash.Add(field);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"STRUCT<{string.Join(", ", Fields)}>";
}

/// <summary>A named, typed field of a struct.</summary>
/// <param name="Name">The name as stored: upper-cased unless it was quoted.</param>
/// <param name="Type">The type.</param>
public sealed record SqlField(string Name, SqlType Type)
{
    /// <inheritdoc/>
    public override string ToString() => $"{SqlIdentifiers.Quote(Name)} {Type}";
}
