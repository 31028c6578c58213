using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Planning;

internal sealed partial class QueryPlanner
{
    /// <summary>The projection of a persistent query: each key column exactly once, everything else is value.</summary>
    private ProjectNode ProjectWithKey(PlanNode node)
    {
        var columns = ExpandItems(node);
        var keys = new List<PlanColumn>();
        var taken = new HashSet<SelectColumn>();
        foreach (var key in node.Schema.Key)
        {
            var column = FindKey(key.Name, columns);
            taken.Add(column);
            keys.Add(key with { Name = column.Name });
        }

        var values = Bind(node, columns.Where(c => !taken.Contains(c)));
        if (values.Count == 0)
        {
            throw new SqlException(SqlErrors.BadProjection, query.Span, "The projection has nothing but the key.", "select a value, too");
        }

        return Project(node, keys, values);
    }

    /// <summary>The projection of a transient query: key columns, if any, are copied into the value.</summary>
    private ProjectNode ProjectAll(PlanNode node) => Project(node, node.Schema.Key, Bind(node, ExpandItems(node)));

    private static ProjectNode Project(PlanNode node, IReadOnlyList<PlanColumn> keys, List<NamedExpression> values) =>
        new(new PlanSchema(keys, [.. values.Select(v => new PlanColumn(v.Name, v.Value.KnownType))]), node, values)
        {
            IsTable = node.IsTable, Window = node.Window, KeyFormat = node.KeyFormat,
        };

    private SelectColumn FindKey(string key, List<SelectColumn> columns)
    {
        List<string> viable = _viableKeys.Count > 0 ? [.. _viableKeys.OfType<ColumnExpression>().Select(c => c.Name)] : [key];
        foreach (var name in viable)
        {
            var found = columns.Where(c => c.Value is ColumnExpression column && column.Name == name).ToList();
            if (found.Count > 1)
            {
                throw new SqlException(
                    SqlErrors.BadProjection, found[1].Span, $"The key {key} is projected twice.",
                        $"copy it into the value: AS_VALUE({key})");
            }

            if (found.Count == 1)
            {
                return found[0];
            }
        }

        throw new SqlException(
            SqlErrors.BadProjection, query.Span, $"The projection lacks the key {string.Join(" or ", viable)}.",
                $"add {viable[0]} to SELECT");
    }

    private List<NamedExpression> Bind(PlanNode node, IEnumerable<SelectColumn> columns)
    {
        var binder = context.Binder(new StageScope(node.Schema));
        var diagnostics = new List<SqlDiagnostic>();
        var bound = new List<NamedExpression>();
        foreach (var column in columns)
        {
            try
            {
                var value = binder.Bind(column.Value);
                if (value.Type is null)
                {
                    throw new SqlException(
                        SqlErrors.TypeMismatch, column.Span, $"The column {column.Name} has no type.", "CAST(NULL AS type)");
                }

                bound.Add(new NamedExpression(column.Name, value, column.Value.ToString()));
            }
            catch (SqlException e)
            {
                diagnostics.AddRange(e.Diagnostics);
            }
        }

        return diagnostics.Count == 0 ? bound : throw new SqlException(diagnostics);
    }

    private List<SelectColumn> ExpandItems(PlanNode node)
    {
        var columns = new List<SelectColumn>();
        foreach (var item in _items)
        {
            columns.AddRange(Expand(node, item));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            if (persistent && !column.FromStar && SystemColumns.IsSystem(column.Name))
            {
                throw new SqlException(
                    SqlErrors.InvalidName, column.Span, $"{column.Name} is reserved.", $"give it another name: {column.Name} AS name");
            }

            if (!names.Add(column.Name))
            {
                throw new SqlException(SqlErrors.DuplicateName, column.Span, $"Two columns are called {column.Name}.", "use AS");
            }
        }

        return columns;
    }

    private IEnumerable<SelectColumn> Expand(PlanNode node, Item item) => item.Original switch
    {
        SelectAll all when _resolver.IsJoin => ExpandJoinedStar(node, all, item.Source),
        SelectAll all => VisibleColumns(node).Select(name => Column(all, name, name)),
        SelectStructAll all => ExpandStruct(node, all, item.Value!),
        SelectExpression e =>
        [
            new SelectColumn(item.Alias ?? _names.Of(e.Value, item.Value!, _resolver), item.Value!, item.Alias is not null, false, e.Span),
        ],
        _ => throw new InvalidOperationException($"Unknown select item {item.Original.GetType().Name}."),
    };

    private IEnumerable<string> VisibleColumns(PlanNode node)
    {
        string[] bounds = !persistent && node.Schema.Find(SystemColumns.WindowStart) is not null
            ? [SystemColumns.WindowStart, SystemColumns.WindowEnd]
            : [];
        return node.Schema.Key.Select(c => c.Name).Concat(bounds).Concat(node.Schema.Value.Where(c => !c.Hidden).Select(c => c.Name));
    }

    private IEnumerable<SelectColumn> ExpandJoinedStar(PlanNode node, SelectAll all, SourceReference? only)
    {
        var sources = only is null ? _resolver.Sources : [only];
        var columns = sources.SelectMany(s => s.AllColumns(withWindowBounds: !persistent).Select(s.StageName)).ToList();

        // A key that no source has (ROWKEY, or an expression's name) stands in front.
        var synthetic = only is null ? node.Schema.Key.Select(k => k.Name).Where(k => !columns.Contains(k)) : [];
        return synthetic.Concat(columns).Select(name => Column(all, name, name));
    }

    private static SelectColumn Column(SelectItem item, string name, string stageName) =>
        new(name, new ColumnExpression(item.Span, null, stageName), false, true, item.Span);

    private IEnumerable<SelectColumn> ExpandStruct(PlanNode node, SelectStructAll all, Expression value)
    {
        var bound = context.Bind(value, node);
        if (bound.Type is not SqlStructType type)
        {
            throw new SqlException(SqlErrors.TypeMismatch, all.Span, $"->* needs a STRUCT, but this is {bound.Type}.");
        }

        return type.Fields.Select(f => new SelectColumn(
            f.Name, new DereferenceExpression(all.Span, value, f.Name), false, true, all.Span));
    }
}
