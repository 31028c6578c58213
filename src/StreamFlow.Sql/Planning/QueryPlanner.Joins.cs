using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Planning;

internal sealed partial class QueryPlanner
{
    private PlanNode PlanJoin(PlanNode? joined, JoinNode join, Expression leftOn, Expression rightOn)
    {
        var first = joined is null;
        var left = joined ?? Source(_resolver.Sources[0]);
        var right = (PlanNode)Source(_resolver.Source(join.Right.Alias, join.Right.Span));
        if (first)
        {
            _viableKeys.AddRange(left.Schema.Key.Count == 1 ? [left.Schema.Key[0].Name] : []);
        }

        CheckPair(join, left, right);
        var leftKey = Key(left, leftOn);
        var rightKey = Key(right, rightOn);
        CheckKeys(join, leftKey, rightKey);
        if (left.IsTable && right.IsTable && !IsKeyOf(left, leftKey))
        {
            return PlanForeignKeyJoin(left, right, join, leftKey, rightKey);
        }

        var keyFormat = left.KeyFormat;
        left = Prepare(left, leftKey, join, keepViable: !first);
        right = Prepare(right, rightKey, join, keepViable: false);
        return Join(join, left, right, leftKey, rightKey, keyFormat);
    }

    private PlanNode Join(
        JoinNode join, PlanNode left, PlanNode right, NamedExpression leftKey, NamedExpression rightKey, Formats.FormatSpec keyFormat)
    {
        var name = KeyName(join, leftKey, rightKey, left, right);
        var key = new List<PlanColumn> { new(name, leftKey.Value.KnownType) };
        var schema = new PlanSchema(key, [.. left.Schema.Value, .. right.Schema.Value]);
        var format = KeyFormats.For(keyFormat, key);
        var window = left.Window;
        return (left.IsTable, right.IsTable) switch
        {
            (false, false) => new StreamStreamJoinNode(schema, left, right, join.Kind, join.Within!, null)
            {
                IsTable = false, Window = window, KeyFormat = format,
            },
            (false, true) => new StreamTableJoinNode(
                schema, left, right, join.Kind) { IsTable = false, Window = window, KeyFormat = format },
            _ => new TableTableJoinNode(schema, left, right, join.Kind) { IsTable = true, Window = window, KeyFormat = format },
        };
    }

    private NamedExpression Key(PlanNode node, Expression on)
    {
        var bound = context.Bind(on, node);
        CheckKeyType(bound.Type, on.Span);
        return new NamedExpression((bound as BoundColumn)?.Name ?? "ROWKEY", bound, on.ToString());
    }

    private bool IsKeyOf(PlanNode node, NamedExpression key) =>
        node.Schema.Key is [var only] && key.Value is BoundColumn column
        && (column.Name == only.Name || (_viableKeys.Contains(only.Name) && _viableKeys.Contains(column.Name)));

    /// <summary>
    /// A side of a join: keyed by the join's expression, with a value of the used columns, the key's among them, since a
    /// missing side must show them as null.
    /// </summary>
    private ProjectNode Prepare(PlanNode node, NamedExpression key, JoinNode join, bool keepViable)
    {
        if (!IsKeyOf(node, key))
        {
            if (!keepViable || !_viableKeys.Contains(key.Name))
            {
                _viableKeys.Clear();
            }

            if (node.IsTable)
            {
                throw new SqlException(SqlErrors.BadJoin, join.On.Span, "A table joins on its primary key only.");
            }

            node = Rekey(node, [key], join.On.Span);
        }

        var columns = node.Schema.Value.Concat(node.Schema.Key.Where(k => IsUsed(k.Name) && node.Schema.Value.All(v => v.Name != k.Name)))
            .Where(c => IsUsed(c.Name)).ToList();
        var values = columns.Select(c => new NamedExpression(c.Name, new BoundColumn(c.Name, c.Type), "")).ToList();
        return new ProjectNode(new PlanSchema(node.Schema.Key, columns), node, values)
        {
            IsTable = node.IsTable, Window = node.Window, KeyFormat = node.KeyFormat,
        };
    }

    private bool IsUsed(string stageName) =>
        _resolver.OwnerOf(stageName) is { } owner && owner.Uses(NameResolver.PlainName(owner, stageName));

    private string KeyName(JoinNode join, NamedExpression leftKey, NamedExpression rightKey, PlanNode left, PlanNode right)
    {
        var (leftName, rightName) = ((leftKey.Value as BoundColumn)?.Name, (rightKey.Value as BoundColumn)?.Name);
        if (join.Kind == JoinKind.Full || (leftName is null && rightName is null))
        {
            _viableKeys.Clear();
            var taken = left.Schema.All.Concat(right.Schema.All).Select(c => c.Name)
                .Concat(_resolver.Sources.SelectMany(s => s.AllColumns(false)));
            var name = new OutputNames(taken).NextField("ROWKEY");
            _viableKeys.Add(name);
            return name;
        }

        if (leftName is null || !_viableKeys.Contains(leftName))
        {
            _viableKeys.Clear();
        }

        string?[] names = join.Kind == JoinKind.Right ? [rightName, leftName] : [leftName, rightName];
        _viableKeys.AddRange(names.OfType<string>().Where(n => !_viableKeys.Contains(n)));
        return names.OfType<string>().First();
    }

    private static void CheckKeys(JoinNode join, NamedExpression leftKey, NamedExpression rightKey)
    {
        if (leftKey.Value.Type != rightKey.Value.Type)
        {
            throw new SqlException(
                SqlErrors.BadJoin,
                join.On.Span,
                $"The sides of the condition have different types: {leftKey.Value.Type} and {rightKey.Value.Type}.",
                "CAST one of them");
        }
    }

    private static void CheckPair(JoinNode join, PlanNode left, PlanNode right)
    {
        var error = (left.IsTable, right.IsTable) switch
        {
            (false, false) when join.Within is null => "A join of two streams needs WITHIN.",
            (true, false) => "A table cannot be joined to a stream; write the stream first.",
            (_, true) when join.Within is not null => "WITHIN is for joins of two streams.",
            (false, true) when join.Kind is JoinKind.Right or JoinKind.Full => "A stream joins a table by INNER or LEFT JOIN only.",
            _ => WindowError(left.Window, right.Window),
        };
        if (error is not null)
        {
            throw new SqlException(SqlErrors.BadJoin, join.Span, error);
        }
    }

    private static string? WindowError(WindowSpec? left, WindowSpec? right) => (left, right) switch
    {
        (null, null) => null,
        (null, _) or (_, null) => "A windowed source joins only with a windowed one.",
        _ when left.IsSession != right.IsSession => "Session windows join only with session windows.",
        _ => null,
    };

    private ForeignKeyJoinNode PlanForeignKeyJoin(
        PlanNode left, PlanNode right, JoinNode join, NamedExpression leftKey, NamedExpression rightKey)
    {
        if (_resolver.Sources.Count > 2)
        {
            throw new SqlException(SqlErrors.BadJoin, join.Span, "A foreign-key join cannot be one of several joins.");
        }

        if (join.Kind is JoinKind.Right or JoinKind.Full)
        {
            throw new SqlException(SqlErrors.BadJoin, join.Span, "A foreign-key join is INNER or LEFT.");
        }

        if (!IsKeyOf(right, rightKey))
        {
            throw new SqlException(
                SqlErrors.BadJoin, join.On.Span, "The right side of the condition must be the right table's primary key.");
        }

        if (left.Window is not null)
        {
            throw new SqlException(SqlErrors.BadJoin, join.Span, "A foreign-key join cannot read windowed tables.");
        }

        _viableKeys.Clear();
        var (l, r) = (PrepareTable(left), PrepareTable(right));
        return new ForeignKeyJoinNode(
            new PlanSchema(left.Schema.Key, [.. l.Schema.Value, .. r.Schema.Value]), l, r, join.Kind, leftKey)
        {
            IsTable = true, KeyFormat = left.KeyFormat,
        };
    }

    // The foreign key is computed from the prepared row, so every column stays.
    private static ProjectNode PrepareTable(PlanNode node)
    {
        var columns = node.Schema.Value.Concat(node.Schema.Key.Where(k => node.Schema.Value.All(v => v.Name != k.Name))).ToList();
        var values = columns.Select(c => new NamedExpression(c.Name, new BoundColumn(c.Name, c.Type), "")).ToList();
        return new ProjectNode(new PlanSchema(node.Schema.Key, columns), node, values)
        {
            IsTable = node.IsTable, Window = node.Window, KeyFormat = node.KeyFormat,
        };
    }
}
