using System.Globalization;
using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
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

    /// <summary>
    /// Whether tables tell only the last change of a key per commit: <c>cache.max.bytes.buffering</c> or
    /// <c>statestore.cache.max.bytes</c> is above 0, which switches Kafka Streams' caches on. How large they are is
    /// the business of the process.
    /// </summary>
    /// <exception cref="SqlException">The value is no number.</exception>
    public bool CoalescesUpdates => CacheBytes("cache.max.bytes.buffering") > 0 || CacheBytes("statestore.cache.max.bytes") > 0;

    public ExpressionBinder Binder(IExpressionScope scope) => new(scope, Catalog, Functions);

    public BoundExpression Bind(Expression expression, PlanNode stage) => Binder(new StageScope(stage.Schema)).Bind(expression);

    private long CacheBytes(string name) => (Property(name) ?? Property("ksql.streams." + name)) switch
    {
        null => 0,
        { } text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) => bytes,
        { } text => throw new SqlException(SqlErrors.BadLiteral, SourceSpan.None, $"'{name}' is '{text}', not a number of bytes."),
    };
}
