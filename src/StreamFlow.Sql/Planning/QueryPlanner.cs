using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Planning;

/// <summary>Plans one query: sources, joins, WHERE, table functions, grouping or partitioning, HAVING, projection.</summary>
/// <param name="context">The engine.</param>
/// <param name="query">The query.</param>
/// <param name="persistent">Whether the result goes to a sink, whose key must be projected; else all of it is value.</param>
internal sealed partial class QueryPlanner(PlanContext context, Query query, bool persistent)
{
    private readonly List<Item> _items = [];

    // The expressions that equal the key of what is joined so far: each column of them may be projected as the key.
    private readonly List<Expression> _viableKeys = [];
    private string _syntheticKey = "";
    private NameResolver _resolver = null!;
    private OutputNames _names = null!;

    // Names of key expressions that the projection repeats: both count from 0, since they are the same columns.
    private OutputNames _keyNames = null!;

    /// <summary>The sources of the planned query, left to right.</summary>
    public IReadOnlyList<DataSource> Sources => [.. _resolver.Sources.Select(s => s.Source)];

    public PlanNode Plan()
    {
        CheckClauses();
        _resolver = ResolveSources();
        _names = new OutputNames(_resolver.Sources.SelectMany(s => s.Source.Columns).Select(c => c.Name));
        _keyNames = new OutputNames(_resolver.Sources.SelectMany(s => s.Source.Columns).Select(c => c.Name));
        var where = query.Where is null ? null : _resolver.Resolve(query.Where);
        var groupBy = query.GroupBy?.Select(_resolver.Resolve).ToList();
        var partitionBy = query.PartitionBy?.Select(_resolver.Resolve).ToList();
        var having = query.Having is null ? null : _resolver.Resolve(query.Having);
        ResolveItems();

        var node = PlanFrom();
        node = where is null ? node : Filter(node, where, query.Where!, "WHERE");
        node = PlanTableFunctions(node);
        if (groupBy is not null)
        {
            node = PlanAggregation(node, groupBy, having);
        }
        else
        {
            CheckNoAggregates();
            node = partitionBy is null ? node : PlanPartitioning(node, partitionBy);
        }

        return persistent ? ProjectWithKey(node) : ProjectAll(node);
    }

    private void CheckClauses()
    {
        if (query.Having is not null && query.GroupBy is null)
        {
            throw new SqlException(SqlErrors.BadAggregation, query.Having.Span, "HAVING needs GROUP BY.");
        }

        if (query.Window is not null && query.GroupBy is null)
        {
            throw new SqlException(SqlErrors.BadWindow, query.Window.Span, "WINDOW needs GROUP BY.");
        }

        if (query.Emit == EmitKind.Final && query.Window is null)
        {
            throw new SqlException(SqlErrors.BadWindow, query.Span, "EMIT FINAL needs a WINDOW.");
        }

        if (query.GroupBy is not null && query.PartitionBy is not null)
        {
            throw new SqlException(SqlErrors.BadPartitioning, query.Span, "GROUP BY and PARTITION BY do not go together.");
        }

        if (persistent && query.Limit is not null)
        {
            throw new SqlException(SqlErrors.BadQuery, query.Span, "LIMIT is for queries that send their rows to you.");
        }
    }

    private NameResolver ResolveSources()
    {
        var relations = query.Joins.Select(j => j.Right).Prepend(query.From).ToList();
        var sources = new List<SourceReference>();
        foreach (var relation in relations)
        {
            var source = context.Catalog.Require(relation.Name, relation.Span);
            if (sources.Exists(s => s.Alias == relation.Alias))
            {
                throw new SqlException(SqlErrors.DuplicateName, relation.Span, $"Two sources are called {relation.Alias}.");
            }

            if (sources.Exists(s => s.Source.Name == source.Name))
            {
                throw new SqlException(SqlErrors.BadJoin, relation.Span, $"{source.Name} cannot join itself.");
            }

            if (persistent && source is { IsTable: true, Window: not null })
            {
                throw new SqlException(SqlErrors.BadQuery, relation.Span, "No persistent query reads a windowed table.");
            }

            sources.Add(new SourceReference(relation.Alias, source, relations.Count > 1));
        }

        return new NameResolver(sources, query.Window is not null);
    }

    private void ResolveItems()
    {
        foreach (var item in query.Select)
        {
            switch (item)
            {
                case SelectAll { Source: { } alias } all:
                    var only = _resolver.Source(alias, all.Span);
                    UseAll(only);
                    _items.Add(new Item(item, null, null, only));
                    break;
                case SelectAll:
                    _resolver.Sources.ToList().ForEach(UseAll);
                    _items.Add(new Item(item, null, null, null));
                    break;
                case SelectStructAll all:
                    _items.Add(new Item(item, _resolver.Resolve(all.Base), null, null));
                    break;
                case SelectExpression e:
                    _items.Add(new Item(item, _resolver.Resolve(e.Value), e.Alias, null));
                    break;
            }
        }
    }

    private void UseAll(SourceReference source)
    {
        foreach (var column in source.AllColumns(withWindowBounds: !persistent))
        {
            source.Use(column);
        }
    }

    private FilterNode Filter(PlanNode node, Expression condition, Expression original, string clause)
    {
        var bound = context.Binder(new StageScope(node.Schema)).BindCondition(condition, clause);
        return new FilterNode(node.Schema, node, bound, $"{clause} {original}")
        {
            IsTable = node.IsTable, Window = node.Window, KeyFormat = node.KeyFormat,
        };
    }

    private PlanNode PlanTableFunctions(PlanNode node)
    {
        var calls = new List<(string Name, CallExpression Call)>();
        foreach (var item in _items)
        {
            item.Value = item.Value is null ? null : ExpressionRewriter.Rewrite(item.Value, e => ExtractTableFunction(e, calls));
        }

        if (calls.Count == 0)
        {
            return node;
        }

        if (query.GroupBy is not null)
        {
            throw new SqlException(SqlErrors.BadAggregation, calls[0].Call.Span, "Table functions and GROUP BY do not go together.");
        }

        if (node.IsTable)
        {
            throw new SqlException(SqlErrors.MisplacedExpression, calls[0].Call.Span, "Table functions work on streams, not on tables.");
        }

        var binder = context.Binder(new StageScope(node.Schema));
        var bound = calls.Select(c => new NamedExpression(c.Name, binder.BindFunction(c.Call), c.Call.ToString())).ToList();
        var columns = bound.Select(b => new PlanColumn(b.Name, b.Value.KnownType, Hidden: true));
        return new TableFunctionNode(node.Schema with { Value = [.. node.Schema.Value, .. columns] }, node, bound)
        {
            IsTable = false, Window = node.Window, KeyFormat = node.KeyFormat,
        };
    }

    private ColumnExpression? ExtractTableFunction(Expression e, List<(string Name, CallExpression Call)> calls)
    {
        if (e is CaseExpression && ExpressionRewriter.Any(e, IsTableFunction))
        {
            throw new SqlException(SqlErrors.MisplacedExpression, e.Span, "CASE cannot hold a table function.");
        }

        if (e is not CallExpression call || !IsTableFunction(call))
        {
            return null;
        }

        if (call.Arguments.Any(a => ExpressionRewriter.Any(a, IsTableFunction)))
        {
            throw new SqlException(SqlErrors.MisplacedExpression, e.Span, "Table functions do not nest.");
        }

        var name = $"KSQL_SYNTH_{calls.Count}";
        calls.Add((name, call));
        return new ColumnExpression(e.Span, null, name);
    }

    private bool IsTableFunction(Expression e) => e is CallExpression call && context.Functions.IsTableFunction(call.Function);

    private bool IsAggregate(Expression e) => e is CallExpression call && context.Functions.IsAggregate(call.Function);

    private void CheckNoAggregates()
    {
        foreach (var item in _items)
        {
            if (item.Value is not null && ExpressionRewriter.Any(item.Value, IsAggregate))
            {
                throw new SqlException(SqlErrors.BadAggregation, item.Original.Span, "An aggregate needs GROUP BY.");
            }
        }
    }

    private PlanNode PlanPartitioning(PlanNode node, List<Expression> partitionBy)
    {
        if (partitionBy.Count == 0)
        {
            throw new SqlException(
                SqlErrors.BadPartitioning, query.Span, "PARTITION BY needs an expression.", "PARTITION BY NULL for no key");
        }

        var span = query.PartitionBy![0].Span;
        if (node.IsTable)
        {
            throw new SqlException(SqlErrors.BadPartitioning, span, "PARTITION BY is for streams, not for tables.");
        }

        _viableKeys.Clear();
        var keys = new List<NamedExpression>();
        foreach (var (expression, original) in partitionBy.Zip(query.PartitionBy))
        {
            if (expression is NullLiteral)
            {
                return partitionBy.Count == 1
                    ? Rekey(node, [], span)
                    : throw new SqlException(SqlErrors.BadPartitioning, original.Span, "NULL cannot be one of several keys.");
            }

            keys.Add(KeyExpression(node, expression, original));
        }

        if (keys.Select(k => k.Name).Distinct().Count() != keys.Count)
        {
            throw new SqlException(SqlErrors.BadPartitioning, span, "PARTITION BY repeats a key.");
        }

        return Rekey(node, keys, span);
    }

    /// <summary>Names and binds an expression that becomes a key, and lets equal select items refer to it.</summary>
    private NamedExpression KeyExpression(PlanNode node, Expression expression, Expression original)
    {
        var bound = context.Bind(expression, node);
        CheckKeyType(bound.Type, original.Span);
        var name = expression switch
        {
            ColumnExpression c => c.Name,
            DereferenceExpression d => KeyNames(expression).NextField(d.Field),
            _ => _items.Find(i => i.Alias is not null && expression.Equals(i.Value))?.Alias ?? KeyNames(expression).NextExpression(),
        };
        foreach (var item in _items)
        {
            item.Value = item.Value is null
                ? null
                : ExpressionRewriter.Rewrite(item.Value, e => e.Equals(expression) ? new ColumnExpression(e.Span, null, name) : null);
        }

        return new NamedExpression(name, bound, original.ToString());
    }

    private static void CheckKeyType(SqlType? type, SourceSpan span)
    {
        if (type is null)
        {
            throw new SqlException(SqlErrors.BadPartitioning, span, "NULL cannot be one of the keys.");
        }

        if (ContainsMap(type))
        {
            throw new SqlException(SqlErrors.BadColumn, span, $"A key cannot hold a MAP, but this is {type}.");
        }
    }

    private static bool ContainsMap(SqlType type) => type switch
    {
        SqlMapType => true,
        SqlArrayType array => ContainsMap(array.Element),
        SqlStructType s => s.Fields.Any(f => ContainsMap(f.Type)),
        _ => false,
    };

    /// <summary>A new key for a stream: columns that become keys leave the value, old keys join it.</summary>
    private PlanNode Rekey(PlanNode node, IReadOnlyList<NamedExpression> keys, SourceSpan span)
    {
        if (keys.Count > 0 && keys.Select(k => (k.Value as BoundColumn)?.Name).SequenceEqual(node.Schema.Key.Select(k => k.Name)))
        {
            return node;
        }

        if (node.Window is not null)
        {
            throw new SqlException(SqlErrors.BadPartitioning, span, "A windowed stream cannot get another key.");
        }

        var moved = keys.Where(k => k.Value is BoundColumn c && c.Name == k.Name).Select(k => k.Name).ToHashSet(StringComparer.Ordinal);
        var value = node.Schema.Value.Concat(node.Schema.Key.Where(k => node.Schema.Value.All(v => v.Name != k.Name)))
            .Where(c => !moved.Contains(c.Name)).ToList();
        var schema = new PlanSchema([.. keys.Select(k => new PlanColumn(k.Name, k.Value.KnownType))], value);
        return new RekeyNode(schema, node, keys)
        {
            IsTable = false,
            KeyFormat = InternalKey(node.KeyFormat, schema.Key),
        };
    }

    private FormatSpec InternalKey(FormatSpec format, IReadOnlyList<PlanColumn> key) =>
        KeyFormats.Internal(format, key, context.DefaultKeyFormat);

    private sealed class Item(SelectItem original, Expression? value, string? alias, SourceReference? source)
    {
        public SelectItem Original { get; } = original;

        /// <summary>The resolved expression; null for <c>*</c>.</summary>
        public Expression? Value { get; set; } = value;

        public string? Alias { get; } = alias;

        /// <summary>The source of <c>source.*</c>.</summary>
        public SourceReference? Source { get; } = source;
    }
}
