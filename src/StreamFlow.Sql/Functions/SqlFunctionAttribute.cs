namespace StreamFlow.Sql.Functions;

/// <summary>
/// Makes a public static method a SQL function. Parameter and return types say the signature, a nullable parameter that the
/// method handles null itself; <c>README.md</c> of this room has the rules.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SqlFunctionAttribute : Attribute
{
    /// <summary>Names the function.</summary>
    /// <param name="name">Upper-case SQL name.</param>
    public SqlFunctionAttribute(string name) => Name = name;

    /// <summary>Upper-case SQL name.</summary>
    public string Name { get; }

    /// <summary>One sentence for DESCRIBE FUNCTION.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Category for SHOW FUNCTIONS.</summary>
    public string Category { get; init; } = "OTHER";

    /// <summary>How a DECIMAL result gets its precision and scale.</summary>
    public DecimalResult DecimalResult { get; init; }

    /// <summary>Whether generic parameters accept only types with an order (numbers, STRING, BYTES, BOOLEAN, temporal).</summary>
    public bool Ordered { get; init; }

    /// <summary>
    /// Whether numbers of different types are refused unless one is DOUBLE: the dialect has an overload for each type, and finds
    /// several that fit.
    /// </summary>
    public bool Uniform { get; init; }

    /// <summary>Names of the fields of a STRUCT result that the generated row struct gets; empty when no STRUCT is made.</summary>
    public string[] StructFields { get; init; } = [];
}

/// <summary>How a DECIMAL result gets its precision and scale.</summary>
public enum DecimalResult
{
    /// <summary>The widest of the DECIMAL arguments.</summary>
    Same,

    /// <summary>DECIMAL(p - s, 0) of the argument: whole numbers.</summary>
    Integral,
}
