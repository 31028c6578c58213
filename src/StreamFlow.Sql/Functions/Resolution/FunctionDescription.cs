namespace StreamFlow.Sql.Functions.Resolution;

/// <summary>What SHOW and DESCRIBE FUNCTION print.</summary>
/// <param name="Name">SQL name.</param>
/// <param name="Kind">SCALAR, AGGREGATE or TABLE.</param>
/// <param name="Category">Category.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Overloads">Signatures.</param>
public sealed record FunctionDescription(
    string Name, string Kind, string Category, string Description, IReadOnlyList<FunctionOverload> Overloads);

/// <summary>One signature of a function.</summary>
/// <param name="Parameters">Its parameters.</param>
/// <param name="ReturnType">Result type as text.</param>
public sealed record FunctionOverload(IReadOnlyList<FunctionParameter> Parameters, string ReturnType);

/// <summary>One parameter of a signature.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as text.</param>
/// <param name="IsVariadic">Whether it repeats.</param>
public sealed record FunctionParameter(string Name, string Type, bool IsVariadic);
