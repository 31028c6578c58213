using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Functions.Resolution;

/// <summary>A resolved call of an aggregate; everything the code generator needs to write it.</summary>
/// <remarks>
/// With state columns <c>s…</c>, arguments <c>a…</c> and constants <c>c…</c> the generated code calls, on <see cref="Holder"/>:
/// <c>Add(ref s…, a…, c…)</c>, <c>Undo(ref s…, a…, c…)</c>, <c>Merge(ref s…, other s…, c…)</c>,
/// <c>Result(s…, c…)</c>.
/// All state columns start as null; all values are of nullable CLR types. State values are immutable: copying a row copies the state.
/// </remarks>
/// <param name="Name">SQL name.</param>
/// <param name="Holder">The static class with the methods.</param>
/// <param name="StateTypes">SQL types of the state columns.</param>
/// <param name="Arguments">Types the first arguments of the call are coerced to; the rest were constants.</param>
/// <param name="RowArgument">
/// When not null, one more argument follows <paramref name="Arguments"/>: a row struct of this type made from all columns of the call.
/// </param>
/// <param name="Constants">Values of the constant parameters (int, long, bool, string), to be written as C# literals.</param>
/// <param name="ReturnType">Type of the result.</param>
/// <param name="CanUndo">Whether it may aggregate a table.</param>
/// <param name="CanMerge">Whether it may run in session windows.</param>
public sealed record AggregateCall(
    string Name,
    Type Holder,
    IReadOnlyList<SqlType> StateTypes,
    IReadOnlyList<SqlType> Arguments,
    SqlStructType? RowArgument,
    IReadOnlyList<object> Constants,
    SqlType ReturnType,
    bool CanUndo,
    bool CanMerge)
{
    /// <summary>Whether what it keeps is compound in the dialect, so that the source's format must hold such values.</summary>
    public bool HasCompoundState { get; init; }

    /// <summary>The class's full C# name: <c>global::StreamFlow.Sql.Functions.Aggregates.Sum</c>.</summary>
    public string CSharpName => $"global::{Holder.FullName}";
}
