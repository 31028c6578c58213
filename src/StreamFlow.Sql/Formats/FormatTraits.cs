using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Formats;

/// <summary>What a format can hold; the facts that statements are checked against.</summary>
/// <param name="Name">The name as in WITH, upper-case.</param>
public sealed record FormatTraits(string Name)
{
    /// <summary>Whether values may be written in it.</summary>
    public bool Values { get; init; } = true;

    /// <summary>Whether a key may have several columns.</summary>
    public bool MultiColumnKeys { get; init; }

    /// <summary>Whether a value may have several columns.</summary>
    public bool MultiColumnValues { get; init; } = true;

    /// <summary>Whether its schemas live in the schema registry, so that columns can be inferred.</summary>
    public bool UsesRegistry { get; init; }

    /// <summary>Whether a single column can be written inside a record.</summary>
    public bool CanWrap { get; init; }

    /// <summary>Whether a single column can be written bare.</summary>
    public bool CanUnwrap { get; init; }

    /// <summary>Whether schemas have full names (Avro records, Protobuf messages).</summary>
    public bool HasSchemaNames { get; init; }

    /// <summary>The kinds of types it holds, at any depth.</summary>
    public required Func<SqlType, bool> Holds { get; init; }

    /// <summary>Whether a column may have a name.</summary>
    public Func<string, bool> HoldsName { get; init; } = static _ => true;

    /// <summary>All formats.</summary>
    public static IReadOnlyList<FormatTraits> All { get; } =
    [
        new("NONE") { Values = false, MultiColumnValues = false, Holds = _ => false },
        new("KAFKA") { MultiColumnValues = false, CanUnwrap = true, Holds = IsKafkaType },
        new("DELIMITED") { MultiColumnKeys = true, CanUnwrap = true, Holds = type => !type.IsCompound },
        new("JSON") { MultiColumnKeys = true, CanWrap = true, CanUnwrap = true, Holds = HasStringKeys },
        new("JSON_SR") { MultiColumnKeys = true, CanWrap = true, CanUnwrap = true, UsesRegistry = true, Holds = _ => true },
        new("AVRO")
        {
            MultiColumnKeys = true, CanWrap = true, CanUnwrap = true, UsesRegistry = true, HasSchemaNames = true, Holds = HasStringKeys,
            HoldsName = IsAvroName,
        },
        new("PROTOBUF") { MultiColumnKeys = true, CanWrap = true, UsesRegistry = true, HasSchemaNames = true, Holds = HasStringKeys },
        new("PROTOBUF_NOSR") { MultiColumnKeys = true, CanWrap = true, Holds = HasStringKeys },
    ];

    /// <summary>The format of a name (any case), or null.</summary>
    public static FormatTraits? Find(string name) => All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // Avro specification, "Names".
    private static bool IsAvroName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static bool IsKafkaType(SqlType type) =>
        type.BaseType is SqlBaseType.Integer or SqlBaseType.BigInt or SqlBaseType.Double or SqlBaseType.String or SqlBaseType.Bytes;

    private static bool HasStringKeys(SqlType type) => type switch
    {
        SqlMapType map => map.Key.BaseType == SqlBaseType.String && HasStringKeys(map.Value),
        SqlArrayType array => HasStringKeys(array.Element),
        SqlStructType fields => fields.Fields.All(f => HasStringKeys(f.Type)),
        _ => true,
    };
}
