using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Functions.Resolution;

/// <summary>What the caller knows of one argument of a call.</summary>
public abstract record FunctionArgument;

/// <summary>An expression.</summary>
/// <param name="Type">Its type; null for the NULL literal.</param>
/// <param name="IsLiteral">Whether it is a literal, which constant parameters of aggregates need.</param>
/// <param name="Literal">The literal's value (int, long, bool, string) when it is one.</param>
public sealed record ValueArgument(SqlType? Type, bool IsLiteral = false, object? Literal = null) : FunctionArgument;

/// <summary>A lambda.</summary>
/// <param name="Arity">Number of its parameters.</param>
/// <param name="TypeOfBody">Types the body for given parameter types; throws what the analyser throws when the body is wrong.</param>
public sealed record LambdaArgument(int Arity, Func<IReadOnlyList<SqlType>, SqlType?> TypeOfBody) : FunctionArgument;

/// <summary>A bare interval unit.</summary>
/// <param name="Unit">The unit.</param>
public sealed record UnitArgument(SqlTimeUnit Unit) : FunctionArgument;
