using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Functions.Resolution;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Planning;

internal sealed partial class QueryPlanner
{
    private PlanNode PlanAggregation(PlanNode node, List<Expression> groupBy, Expression? having)
    {
        if (query.Window is not null && node.IsTable)
        {
            throw new SqlException(SqlErrors.BadWindow, query.Window.Span, "A table cannot be aggregated in windows.");
        }

        ExpandStarsForGrouping();
        _viableKeys.Clear();
        var groups = groupBy.Zip(query.GroupBy!, (g, original) => Group(node, g, original)).ToList();
        if (groups.Count == 0 || groups.Select(g => g.Sql).Distinct().Count() != groups.Count)
        {
            throw new SqlException(SqlErrors.BadAggregation, query.Span, "GROUP BY needs one or more different expressions.");
        }

        var aggregates = new AggregateCollector(context, node, groupBy, [.. groups.Select(g => g.Name)]);
        foreach (var item in _items)
        {
            item.Value = aggregates.Rewrite(item.Value!);
        }

        var havingOverGroups = having is null ? null : aggregates.Rewrite(having);
        if (aggregates.Columns.Count == 0)
        {
            throw new SqlException(SqlErrors.BadAggregation, query.Span, "GROUP BY needs an aggregate in SELECT or HAVING.", "COUNT(*)");
        }

        var result = Aggregate(node, groups, aggregates.Columns);
        return havingOverGroups is null ? result : Filter(result, havingOverGroups, query.Having!, "HAVING");
    }

    private AggregateNode Aggregate(PlanNode node, List<NamedExpression> groups, IReadOnlyList<AggregateColumn> aggregates)
    {
        CheckAggregates(node, aggregates);
        var key = groups.Select(g => new PlanColumn(g.Name, g.Value.KnownType)).ToList();
        var value = aggregates.Select(a => new PlanColumn(a.Name, a.Call.ReturnType, Hidden: true)).ToList();
        if (query.Window is not null)
        {
            value.Add(new PlanColumn(SystemColumns.WindowStart, SqlType.BigInt, Hidden: true));
            value.Add(new PlanColumn(SystemColumns.WindowEnd, SqlType.BigInt, Hidden: true));
        }

        var keepsKey = groups.Select(g => (g.Value as BoundColumn)?.Name).SequenceEqual(node.Schema.Key.Select(k => k.Name));
        if (!keepsKey && node.Window is not null)
        {
            throw new SqlException(SqlErrors.BadAggregation, query.Span, "A windowed stream groups only by its key.");
        }

        return new AggregateNode(new PlanSchema(key, value), node, groups, aggregates, query.Window, keepsKey, query.Emit == EmitKind.Final)
        {
            IsTable = true,
            Window = query.Window is { } window ? Spec(window) : node.Window,
            KeyFormat = InternalKey(node.KeyFormat, key),
        };
    }

    private void CheckAggregates(PlanNode node, IReadOnlyList<AggregateColumn> aggregates)
    {
        foreach (var aggregate in aggregates)
        {
            if (node.IsTable && !aggregate.Call.CanUndo)
            {
                throw new SqlException(
                    SqlErrors.BadAggregation, query.Span, $"{aggregate.Call.Name} cannot aggregate a table: it cannot take a value back.");
            }

            if (persistent && aggregate.Call.HasCompoundState && !HoldsCompounds(_resolver.Sources[0].Source.ValueFormat))
            {
                throw new SqlException(
                    SqlErrors.BadFormat,
                    query.Span,
                    $"{aggregate.Call.Name} keeps values that {_resolver.Sources[0].Source.ValueFormat.Name} cannot hold.",
                    "copy the stream into JSON first");
            }

            if (query.Window?.Kind == WindowKind.Session && !aggregate.Call.CanMerge)
            {
                throw new SqlException(SqlErrors.BadAggregation, query.Span, $"{aggregate.Call.Name} cannot merge sessions.");
            }
        }
    }

    private static bool HoldsCompounds(FormatSpec format) =>
        FormatTraits.Find(format.Name)!.Holds(SqlType.Array(SqlType.Integer));

    private static WindowSpec Spec(WindowNode window)
    {
        if (window.Size.Milliseconds <= 0 || window.Advance is { Milliseconds: <= 0 })
        {
            throw new SqlException(SqlErrors.BadWindow, window.Span, "The window's size and advance are at least 1 ms.");
        }

        if (window.Advance is { } advance && advance.Milliseconds > window.Size.Milliseconds)
        {
            throw new SqlException(SqlErrors.BadWindow, window.Span, "A window cannot advance by more than its size.");
        }

        return window.Kind == WindowKind.Session
            ? new WindowSpec("SESSION", null)
            : new WindowSpec(window.Kind.ToString().ToUpperInvariant(), window.Size.Milliseconds);
    }

    private NamedExpression Group(PlanNode node, Expression expression, Expression original)
    {
        if (ExpressionRewriter.Any(expression, IsAggregate))
        {
            throw new SqlException(SqlErrors.BadAggregation, original.Span, "GROUP BY cannot hold an aggregate.");
        }

        var bound = context.Bind(expression, node);
        CheckKeyType(bound.Type, original.Span);
        var name = expression switch
        {
            ColumnExpression c => c.Name,
            DereferenceExpression d =>
                _items.Find(i => i.Alias is not null && expression.Equals(i.Value))?.Alias ?? KeyNames(expression).NextField(d.Field),
            _ => _items.Find(i => i.Alias is not null && expression.Equals(i.Value))?.Alias ?? KeyNames(expression).NextExpression(),
        };
        return new NamedExpression(name, bound, expression.ToString());
    }

    private OutputNames KeyNames(Expression key) => _items.Exists(i => i.Alias is null && key.Equals(i.Value)) ? _keyNames : _names;

    // `SELECT *` in an aggregation means the source's columns, which must all be grouped.
    private void ExpandStarsForGrouping()
    {
        for (var i = 0; i < _items.Count; i++)
        {
            if (_items[i].Original is SelectAll all)
            {
                var sources = _items[i].Source is { } only ? [only] : _resolver.Sources;
                var columns = sources.SelectMany(s => s.AllColumns(false).Select(s.StageName)).Select(name =>
                    new Item(
                        new SelectExpression(all.Span, new ColumnExpression(all.Span, null, name), name),
                        new ColumnExpression(all.Span, null, name),
                        name,
                        null));
                _items.RemoveAt(i);
                _items.InsertRange(i, columns);
            }
        }
    }
}

/// <summary>Takes the aggregates out of expressions and replaces grouping expressions by key columns.</summary>
internal sealed class AggregateCollector(PlanContext context, PlanNode input, List<Expression> groupBy, IReadOnlyList<string> groupNames)
{
    private readonly List<CallExpression> _calls = [];
    private readonly List<AggregateColumn> _columns = [];

    public IReadOnlyList<AggregateColumn> Columns => _columns;

    public Expression Rewrite(Expression expression) => Rewrite(expression, []);

    private Expression Rewrite(Expression expression, IReadOnlyList<string> lambdaParameters) =>
        ExpressionRewriter.Rewrite(expression, e =>
        {
            var group = groupBy.FindIndex(g => g.Equals(e));
            return e switch
            {
                _ when group >= 0 => new ColumnExpression(e.Span, null, groupNames[group]),
                CallExpression call when context.Functions.IsAggregate(call.Function) => Collect(call),
                CallExpression call when !context.Functions.IsScalar(call.Function) && !context.Functions.IsTableFunction(call.Function) =>
                    throw ExpressionBinder.UnknownFunction(call, context.Functions),
                CallExpression { Filter: not null } call => throw ExpressionBinder.FilterOfNoAggregate(call),
                LambdaExpression l => l with { Body = Rewrite(l.Body, [.. lambdaParameters, .. l.Parameters]) },
                ColumnExpression c when !SystemColumns.IsWindowBound(c.Name) && !lambdaParameters.Contains(c.Name)
                    && input.Schema.Find(c.Name) is not null => throw new SqlException(
                        SqlErrors.BadAggregation, c.Span, $"{c.Name} is neither grouped nor inside an aggregate.", $"GROUP BY {c.Name}"),
                _ => null,
            };
        });

    private ColumnExpression Collect(CallExpression call)
    {
        var index = _calls.IndexOf(call);
        if (index < 0)
        {
            index = _calls.Count;
            _calls.Add(call);
            _columns.Add(Resolve(call, $"KSQL_AGG_VARIABLE_{index}"));
        }

        return new ColumnExpression(call.Span, null, _columns[index].Name);
    }

    private AggregateColumn Resolve(CallExpression call, string name)
    {
        var parts = call.Filter is null ? call.Arguments : call.Arguments.Append(call.Filter).ToAstList();
        if (parts.Any(a =>
            ExpressionRewriter.Any(a, e => e is CallExpression inner && context.Functions.IsAggregate(inner.Function))))
        {
            throw new SqlException(SqlErrors.BadAggregation, call.Span, "Aggregates do not nest.");
        }

        if (parts.Any(a => ExpressionRewriter.Any(a, e => e is ColumnExpression c && SystemColumns.IsWindowBound(c.Name)
            && input.Schema.Find(c.Name) is null)))
        {
            throw new SqlException(SqlErrors.BadAggregation, call.Span, "Window bounds may not stand inside an aggregate.");
        }

        // Without an argument every row counts, whatever it holds.
        IReadOnlyList<BoundExpression> values = call.Arguments.Count == 0
            ? [new BoundLiteral(SqlType.BigInt, 1L)]
            : [.. call.Arguments.Select(a => context.Bind(a, input))];
        var arguments = values.Select(v => new ValueArgument(v.Type, v is BoundLiteral, (v as BoundLiteral)?.Value)).ToList();
        if (!context.Functions.TryResolveAggregate(call.Function, arguments, context.Property, out var resolved, out var error))
        {
            throw new SqlException(SqlErrors.BadArguments, call.Span, error);
        }

        var columns = resolved.RowArgument?.Fields.Count ?? resolved.Arguments.Count;
        var coerced = values.Take(columns).Select((v, i) =>
            Coercion.Widen(v, i < resolved.Arguments.Count ? resolved.Arguments[i] : v.KnownType)).ToList();
        var filter = call.Filter is null ? null : context.Binder(new StageScope(input.Schema)).BindCondition(call.Filter, "FILTER");
        return new AggregateColumn(name, resolved, coerced, filter, call.ToString());
    }
}
