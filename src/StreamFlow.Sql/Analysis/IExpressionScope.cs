using StreamFlow.Sql.Ast;

namespace StreamFlow.Sql.Analysis;

/// <summary>What names mean where an expression stands.</summary>
internal interface IExpressionScope
{
    /// <summary>The column a name means.</summary>
    /// <exception cref="Diagnostics.SqlException">There is none, or several.</exception>
    BoundExpression Resolve(ColumnExpression column);

    /// <summary>Whether a name without a source means a column here.</summary>
    bool HasColumn(string name);
}
