using System.Reflection;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Functions.Resolution;

/// <summary>A resolved call of a scalar or table function; everything the code generator needs to write it.</summary>
/// <param name="Name">SQL name.</param>
/// <param name="Method">The method to call. Leave type arguments out: C# infers them from typed arguments.</param>
/// <param name="NeedsContext">Whether the first C# argument is the <see cref="SqlFunctionContext"/>.</param>
/// <param name="Parameters">One entry an argument of the call (variadics expanded).</param>
/// <param name="ReturnType">Type of the result; for table functions the type of one row.</param>
/// <param name="ReturnsNull">Whether the C# method returns the nullable CLR type itself (else it never yields null).</param>
/// <param name="Struct">When not null, the last C# argument is a lambda that makes a row struct of this type from its fields in
/// order.</param>
public sealed record ScalarCall(
    string Name,
    MethodInfo Method,
    bool NeedsContext,
    IReadOnlyList<CallParameter> Parameters,
    SqlType ReturnType,
    bool ReturnsNull,
    SqlStructType? Struct)
{
    /// <summary>The method's full C# name without type arguments: <c>global::StreamFlow.Sql.Functions.MathFunctions.Abs</c>.</summary>
    public string CSharpName => $"global::{Method.DeclaringType!.FullName}.{Method.Name}";
}

/// <summary>One argument position of a resolved call.</summary>
/// <param name="Name">The C# parameter's name.</param>
/// <param name="Type">Type the argument is coerced to; null for lambdas and units.</param>
/// <param name="AcceptsNull">
/// Whether the method takes the nullable CLR type. If not, the generated code yields null without calling when the argument is
/// null, and passes the unwrapped value otherwise.
/// </param>
/// <param name="LambdaParameters">For a lambda: the types of its parameters (their CLR types are nullable, except MAP keys).</param>
/// <param name="LambdaResult">For a lambda: the type its body is coerced to (nullable CLR type).</param>
public sealed record CallParameter(
    string Name,
    SqlType? Type,
    bool AcceptsNull,
    IReadOnlyList<SqlType>? LambdaParameters = null,
    SqlType? LambdaResult = null);
