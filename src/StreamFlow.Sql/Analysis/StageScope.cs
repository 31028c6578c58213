using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Analysis;

/// <summary>The columns of a stage of a plan; names are resolved ones.</summary>
internal sealed class StageScope(PlanSchema schema) : IExpressionScope
{
    public BoundExpression Resolve(ColumnExpression column) => schema.Find(column.Name) is { } found
        ? new BoundColumn(found.Name, found.Type)
        : throw new SqlException(
            SqlErrors.UnknownColumn,
            column.Span,
            $"There is no column {column.Name} here.",
            NearestName.Hint(column.Name, schema.All.Where(c => !c.Hidden).Select(c => c.Name)));

    public bool HasColumn(string name) => schema.Find(name) is not null;
}

/// <summary>No columns at all: the values of INSERT.</summary>
internal sealed class EmptyScope : IExpressionScope
{
    public static EmptyScope Instance { get; } = new();

    public BoundExpression Resolve(ColumnExpression column) => throw new SqlException(
        SqlErrors.MisplacedExpression, column.Span, $"{column.Name}: a column may not stand here.");

    public bool HasColumn(string name) => false;
}
