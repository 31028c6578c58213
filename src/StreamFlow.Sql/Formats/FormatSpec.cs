namespace StreamFlow.Sql.Formats;

/// <summary>How one side (key or value) of a topic is written: everything a serde factory needs besides the row type.</summary>
/// <param name="Name">The format's name, upper-case: <c>JSON</c>.</param>
public sealed record FormatSpec(string Name)
{
    /// <summary>
    /// Whether a single column is written bare instead of inside a record. With several columns always false. A row whose only
    /// column is null is never given to an unwrapping serde: it is a null key or value then.
    /// </summary>
    public bool Unwrapped { get; init; }

    /// <summary>The character between the fields of DELIMITED; null for ','.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The registry id whose schema is written with exactly (KEY_SCHEMA_ID, VALUE_SCHEMA_ID), or null.</summary>
    public int? SchemaId { get; init; }

    /// <summary>The full name of the Avro record or Protobuf message, or null for the default name.</summary>
    public string? SchemaFullName { get; init; }

    /// <summary>Protobuf: <c>OPTIONAL</c> or <c>WRAPPER</c> when null must differ from the default value, else null.</summary>
    public string? NullableRepresentation { get; init; }
}
