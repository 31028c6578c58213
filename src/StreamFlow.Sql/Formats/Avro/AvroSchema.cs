namespace StreamFlow.Sql.Formats.Avro;

/// <summary>The kinds of Avro schemas.</summary>
internal enum AvroKind
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Enum,
    Array,
    Map,
    Union,
    Fixed,
}

/// <summary>A parsed Avro schema (specification 1.11). Named types refer to each other, so a schema may contain itself.</summary>
internal sealed class AvroSchema(AvroKind kind)
{
    public AvroKind Kind { get; } = kind;

    /// <summary>Name and namespace of records, enums and fixed types.</summary>
    public string Name { get; init; } = string.Empty;

    public string Namespace { get; init; } = string.Empty;

    /// <summary>Fields of a record, filled in after construction because they may refer to the record.</summary>
    public IReadOnlyList<AvroField> Fields { get; set; } = [];

    /// <summary>Elements of an array or values of a map.</summary>
    public AvroSchema? Element { get; init; }

    public IReadOnlyList<AvroSchema> Branches { get; init; } = [];

    public IReadOnlyList<string> Symbols { get; init; } = [];

    /// <summary>Bytes of a fixed type.</summary>
    public int Size { get; init; }

    /// <summary>The logical type's name; null when there is none.</summary>
    public string? Logical { get; init; }

    /// <summary>Digits of a decimal; null when the schema does not say.</summary>
    public int? Precision { get; init; }

    public int Scale { get; init; }

    /// <summary>The schema itself, or the first branch of a union that is not null.</summary>
    public AvroSchema NotNull => Kind == AvroKind.Union ? Branches.FirstOrDefault(b => b.Kind != AvroKind.Null) ?? this : this;

    public static AvroSchema Nullable(AvroSchema schema) => new(AvroKind.Union) { Branches = [new AvroSchema(AvroKind.Null), schema] };
}

/// <summary>A field of an Avro record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Default">The JSON text of its default; null when it has none.</param>
internal sealed record AvroField(string Name, AvroSchema Schema, string? Default);
