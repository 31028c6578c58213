namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>One line of a definition: a field of a message or of a struct.</summary>
internal sealed class FieldDefinition
{
    public string Name { get; set; } = "";

    public Scalar Scalar { get; set; }

    /// <summary>The struct's name, when <see cref="Scalar"/> is none.</summary>
    public string StructName { get; set; } = "";

    public bool IsArray { get; set; }

    /// <summary>Versions in which the field exists.</summary>
    public VersionRange Versions { get; set; } = VersionRange.All;

    /// <summary>Versions in which the value (of an array: the array) may be null.</summary>
    public VersionRange Nullable { get; set; } = VersionRange.None;

    /// <summary>The tag, or null for a field in its place.</summary>
    public int? Tag { get; set; }

    /// <summary>The text after <c>=</c>, or null for the type's own default.</summary>
    public string? Default { get; set; }

    /// <summary>Whether a version that lacks the field drops its value silently.</summary>
    public bool IsIgnorable { get; set; }

    /// <summary>Whether the length keeps its fixed size even in flexible versions (the client id of the request header).</summary>
    public bool IsFixedLength { get; set; }

    public string Prose { get; set; } = "";

    /// <summary>Line in the file, from 0.</summary>
    public int Line { get; set; }

    /// <summary>The struct of this field, or null; shared structs are found after parsing.</summary>
    public StructDefinition? Struct { get; set; }

    public bool IsStruct => Scalar == Scalar.None;

    public bool IsTagged => Tag is not null;
}
