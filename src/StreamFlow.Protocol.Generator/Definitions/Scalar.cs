namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>The types of the wire that are not structs.</summary>
internal enum Scalar
{
    /// <summary>Not a scalar: the field's type is a struct.</summary>
    None,
    Bool,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,

    /// <summary>An int16 on the wire, <c>StreamFlow.Core.Errors.ErrorCode</c> in C#.</summary>
    Error,
    String,
    Bytes,

    /// <summary>Like bytes on the wire, but never copied: a slice of the frame on reading, a segment of its own on writing.</summary>
    Records,
}
