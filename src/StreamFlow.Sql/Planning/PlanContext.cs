using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Functions;

namespace StreamFlow.Sql.Planning;

/// <summary>What planning needs to know of the engine.</summary>
/// <param name="Catalog">Streams, tables and types.</param>
/// <param name="Functions">The functions.</param>
/// <param name="Property">Looks up a session or server property; null when unset.</param>
internal sealed record PlanContext(SqlCatalog Catalog, FunctionRegistry Functions, Func<string, string?> Property)
{
    /// <summary>The format of keys whose source has none.</summary>
    public string DefaultKeyFormat => Property("ksql.persistence.default.format.key") ?? "KAFKA";

    public ExpressionBinder Binder(IExpressionScope scope) => new(scope, Catalog, Functions);

    public BoundExpression Bind(Expression expression, PlanNode stage) => Binder(new StageScope(stage.Schema)).Bind(expression);
}
