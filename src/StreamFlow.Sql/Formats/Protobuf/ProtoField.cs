namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>The types of Protobuf fields.</summary>
internal enum ProtoKind
{
    Double,
    Float,
    Int32,
    Int64,
    UInt32,
    UInt64,
    SInt32,
    SInt64,
    Fixed32,
    Fixed64,
    SFixed32,
    SFixed64,
    Bool,
    String,
    Bytes,
    Enum,
    Message,
}

/// <summary>A field of a Protobuf message.</summary>
internal sealed class ProtoField
{
    public required string Name { get; init; }

    public required int Number { get; init; }

    /// <summary>The type as written; resolved to <see cref="Kind"/> once all types are known.</summary>
    public required string TypeName { get; init; }

    public ProtoKind Kind { get; set; }

    public ProtoMessage? Message { get; set; }

    public ProtoEnum? Enum { get; set; }

    public bool IsRepeated { get; init; }

    /// <summary>A map field is a repeated message of key 1 and value 2.</summary>
    public bool IsMap { get; init; }

    /// <summary>Whether absence differs from the default value: optional fields, members of a oneof, messages.</summary>
    public bool HasPresence { get; init; }

    /// <summary>Digits and scale of a Decimal, from its options.</summary>
    public int? Precision { get; init; }

    public int? Scale { get; init; }

    /// <summary>0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes.</summary>
    public int WireType => WireTypeOf(Kind);

    public static int WireTypeOf(ProtoKind kind) => kind switch
    {
        ProtoKind.Double or ProtoKind.Fixed64 or ProtoKind.SFixed64 => 1,
        ProtoKind.String or ProtoKind.Bytes or ProtoKind.Message => 2,
        ProtoKind.Float or ProtoKind.Fixed32 or ProtoKind.SFixed32 => 5,
        _ => 0,
    };
}

/// <summary>A Protobuf enum.</summary>
internal sealed record ProtoEnum(string FullName, IReadOnlyList<KeyValuePair<string, int>> Values)
{
    public string NameOf(int number)
    {
        foreach (var (name, value) in Values)
        {
            if (value == number)
            {
                return name;
            }
        }

        return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>A Protobuf message.</summary>
internal sealed class ProtoMessage(string fullName)
{
    public string FullName { get; } = fullName;

    public string Name => FullName[(FullName.LastIndexOf('.') + 1)..];

    /// <summary>Its place among the top-level messages of its definition.</summary>
    public int Index { get; set; }

    public List<ProtoField> Fields { get; } = [];

    public List<ProtoMessage> Nested { get; } = [];

    public ProtoField? ByNumber(int number) => Fields.Find(f => f.Number == number);
}

/// <summary>A parsed .proto text: its top-level messages in order.</summary>
internal sealed record ProtoFile(IReadOnlyList<ProtoMessage> Messages)
{
    /// <summary>The message of a full or simple name; the first when no name is given.</summary>
    public ProtoMessage? Find(string? name) => name is null
        ? Messages.Count > 0 ? Messages[0] : null
        : Messages.FirstOrDefault(m => m.FullName == name) ?? Messages.FirstOrDefault(m => m.Name == name);
}
