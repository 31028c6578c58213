using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Catalog;

/// <summary>What a column of a stream or table is.</summary>
public enum SourceColumnRole
{
    /// <summary>Part of the value.</summary>
    Value,

    /// <summary>Part of the key.</summary>
    Key,

    /// <summary>Read from the record's headers.</summary>
    Header,
}

/// <summary>A column of a stream or table.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Role">Where it stands in the record.</param>
/// <param name="HeaderKey">For a header column: the header whose last value it shows; null for all headers.</param>
public sealed record SourceColumn(string Name, SqlType Type, SourceColumnRole Role, string? HeaderKey = null);
