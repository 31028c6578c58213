namespace StreamFlow.Sql.Functions;

/// <summary>
/// Makes a public static class a SQL aggregate. Its methods <c>Add</c>, <c>Result</c> and, where they can, <c>Undo</c> and
/// <c>Merge</c> work on state values passed by reference; <c>README.md</c> of this room has the rules.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SqlAggregateAttribute : Attribute
{
    /// <summary>Names the aggregate.</summary>
    /// <param name="name">Upper-case SQL name.</param>
    public SqlAggregateAttribute(string name) => Name = name;

    /// <summary>Upper-case SQL name.</summary>
    public string Name { get; }

    /// <summary>One sentence for DESCRIBE FUNCTION.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Whether generic parameters accept only types with an order.</summary>
    public bool Ordered { get; init; }

    /// <summary>
    /// Whether what it keeps between rows is an ARRAY, MAP or STRUCT in the dialect, which formats without those cannot be grouped with.
    /// </summary>
    public bool CompoundState { get; init; }

    /// <summary>The only SQL types a generic argument may have, as words (<c>INT</c>, <c>STRING</c>); empty allows all.</summary>
    public string[] Allowed { get; init; } = [];
}

/// <summary>
/// Marks a parameter of an aggregate that the engine gives as a constant: a literal of the call, a configured limit, or a part
/// of the DECIMAL type.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SqlConstantAttribute : Attribute
{
    /// <summary>Says where the constant comes from.</summary>
    /// <param name="source">Its source.</param>
    public SqlConstantAttribute(SqlConstantSource source) => Source = source;

    /// <summary>Where the constant comes from.</summary>
    public SqlConstantSource Source { get; }

    /// <summary>The configuration key, for <see cref="SqlConstantSource.Configuration"/>.</summary>
    public string Key { get; init; } = string.Empty;

    /// <summary>The value when the call or the configuration does not give it; null when the call must.</summary>
    public object? Default { get; init; }
}

/// <summary>Where a constant parameter's value comes from.</summary>
public enum SqlConstantSource
{
    /// <summary>A literal argument of the call, after the columns.</summary>
    Literal,

    /// <summary>A configuration property.</summary>
    Configuration,

    /// <summary>Precision of the DECIMAL argument.</summary>
    Precision,

    /// <summary>Scale of the DECIMAL argument.</summary>
    Scale,
}
