using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Formats;

namespace StreamFlow.Sql.Planning;

internal sealed partial class QueryPlanner
{
    private PlanNode PlanJoin(PlanNode? joined, JoinNode join, Expression leftOn, Expression rightOn)
    {
        var left = joined ?? Source(_resolver.Sources[0]);
        var right = (PlanNode)Source(_resolver.Source(join.Right.Alias, join.Right.Span));
        if (joined is null)
        {
            _viableKeys.AddRange(KeyExpressions(left));
        }

        CheckPair(join, left, right);
        var leftKey = JoinKey(left, leftOn);
        var rightKey = JoinKey(right, rightOn);
        CheckKeys(join, leftKey, rightKey);
        var (keepsLeft, keepsRight) = (_viableKeys.Contains(leftOn), KeyExpressions(right).Contains(rightOn));
        if (left.IsTable && right.IsTable && !keepsLeft)
        {
            return PlanForeignKeyJoin(left, right, join, leftKey, keepsRight, joined is null);
        }

        var name = NameJoinKey(join, leftOn, rightOn, keepsLeft);
        var format = JoinFormat(left, keepsLeft, right, keepsRight, leftKey);
        return Join(
            join,
            Prepare(left, leftKey with { Name = name }, keepsLeft, format, join),
            Prepare(right, rightKey with { Name = name }, keepsRight, format, join),
            format);
    }

    private static PlanNode Join(JoinNode join, PlanNode left, PlanNode right, FormatSpec format)
    {
        var schema = new PlanSchema(right.Schema.Key, [.. left.Schema.Value, .. right.Schema.Value]);
        var window = left.Window;
        return (left.IsTable, right.IsTable) switch
        {
            (false, false) => new StreamStreamJoinNode(schema, left, right, join.Kind, join.Within!)
            {
                IsTable = false, Window = window, KeyFormat = format,
            },
            (false, true) => new StreamTableJoinNode(
                schema, left, right, join.Kind) { IsTable = false, Window = window, KeyFormat = format },
            _ => new TableTableJoinNode(schema, left, right, join.Kind) { IsTable = true, Window = window, KeyFormat = format },
        };
    }

    // A key of several columns is no expression that a join can be on.
    private static IEnumerable<Expression> KeyExpressions(PlanNode node) =>
        node.Schema.Key is [var only] ? [Column(only.Name)] : [];

    private NamedExpression JoinKey(PlanNode node, Expression on)
    {
        var bound = context.Bind(on, node);
        CheckKeyType(bound.Type, on.Span);
        return new NamedExpression("", bound, on.ToString());
    }

    /// <summary>
    /// The key format of both sides: that of the first one that is not repartitioned, so that as few as possible are; else the left's.
    /// </summary>
    private FormatSpec JoinFormat(PlanNode left, bool keepsLeft, PlanNode right, bool keepsRight, NamedExpression key)
    {
        if (left.Window is not null)
        {
            return left.KeyFormat;
        }

        var format = keepsLeft ? left.KeyFormat
            : keepsRight ? right.KeyFormat
            : left.KeyFormat.Name != "NONE" ? left.KeyFormat
            : right.KeyFormat;
        return InternalKey(format, [new PlanColumn("", key.Value.KnownType)]);
    }

    /// <summary>
    /// A side of a join: keyed by the join's expression in the join's format, with a value of the used columns, the key's among them,
    /// since a missing side must show them as null.
    /// </summary>
    private ProjectNode Prepare(PlanNode node, NamedExpression key, bool keepsKey, FormatSpec format, JoinNode join)
    {
        if (!keepsKey && node.IsTable)
        {
            throw new SqlException(SqlErrors.BadJoin, join.On.Span, "A table joins on its primary key only.");
        }

        var columns = Everything(node).Where(c => IsUsed(c.Name)).ToList();
        if (!keepsKey || !KeyFormats.AreSameBytes(node.KeyFormat, format))
        {
            node = Repartition(node, key, format, join.On.Span);
        }

        var values = columns.Select(c => new NamedExpression(c.Name, new BoundColumn(c.Name, c.Type), "")).ToList();
        return new ProjectNode(new PlanSchema([new PlanColumn(key.Name, key.Value.KnownType)], columns), node, values)
        {
            IsTable = node.IsTable, Window = node.Window, KeyFormat = node.KeyFormat,
        };
    }

    // The value's columns, then those of the key that the value lacks.
    private static IEnumerable<PlanColumn> Everything(PlanNode node) =>
        node.Schema.Value.Concat(node.Schema.Key.Where(k => node.Schema.Value.All(v => v.Name != k.Name)));

    private static RekeyNode Repartition(PlanNode node, NamedExpression key, FormatSpec format, SourceSpan span) => node.Window is null
        ? new RekeyNode(new PlanSchema([new PlanColumn(key.Name, key.Value.KnownType)], [.. Everything(node)]), node, [key])
        {
            IsTable = node.IsTable, KeyFormat = format,
        }
        : throw new SqlException(SqlErrors.BadJoin, span, "A windowed source cannot get another key or key format.");

    private bool IsUsed(string stageName) =>
        _resolver.OwnerOf(stageName) is { } owner && owner.Uses(NameResolver.PlainName(owner, stageName));

    /// <summary>
    /// Notes which expressions equal the join's key from here on, and names the key: the first column among them, the new side's for
    /// RIGHT; ROWKEY where there is none.
    /// </summary>
    private string NameJoinKey(JoinNode join, Expression leftOn, Expression rightOn, bool keepsLeft)
    {
        _viableKeys.Remove(Column(_syntheticKey));
        if (!keepsLeft || join.Kind == JoinKind.Full)
        {
            _viableKeys.Clear();
        }

        Expression[] sides = join.Kind switch
        {
            JoinKind.Full => [],
            JoinKind.Right => [rightOn, leftOn],
            _ => [leftOn, rightOn],
        };
        _viableKeys.AddRange(sides.Where(s => !_viableKeys.Contains(s)));
        if (_viableKeys.OfType<ColumnExpression>().FirstOrDefault() is { } column)
        {
            return column.Name;
        }

        _syntheticKey = new OutputNames(_resolver.Sources.SelectMany(s => s.AllColumns(false))).NextField("ROWKEY");
        _viableKeys.Add(Column(_syntheticKey));
        return _syntheticKey;
    }

    private static ColumnExpression Column(string name) => new(SourceSpan.None, null, name);

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
        _ when left != right => "The sources have different windows, and a windowed source cannot get other keys.",
        _ => null,
    };

    // The key of the result is the left table's, and so are the expressions that equal it.
    private ForeignKeyJoinNode PlanForeignKeyJoin(
        PlanNode left, PlanNode right, JoinNode join, NamedExpression foreignKey, bool isRightKey, bool isFirst)
    {
        if (!isFirst)
        {
            throw new SqlException(SqlErrors.BadJoin, join.Span, "A join by foreign key can only be the first of several joins.");
        }

        if (join.Kind is JoinKind.Right or JoinKind.Full)
        {
            throw new SqlException(SqlErrors.BadJoin, join.Span, "A foreign-key join is INNER or LEFT.");
        }

        if (!isRightKey)
        {
            throw new SqlException(
                SqlErrors.BadJoin, join.On.Span, "The right side of the condition must be the right table's primary key.");
        }

        if (left.Window is not null)
        {
            throw new SqlException(SqlErrors.BadJoin, join.Span, "A foreign-key join cannot read windowed tables.");
        }

        var format = InternalKey(right.KeyFormat, right.Schema.Key);
        if (!KeyFormats.AreSameBytes(right.KeyFormat, format))
        {
            var key = right.Schema.Key[0];
            right = Repartition(right, new NamedExpression(key.Name, new BoundColumn(key.Name, key.Type), ""), format, join.On.Span);
        }

        var (l, r) = (PrepareTable(left), PrepareTable(right));
        return new ForeignKeyJoinNode(
            new PlanSchema(left.Schema.Key, [.. l.Schema.Value, .. r.Schema.Value]), l, r, join.Kind, foreignKey)
        {
            IsTable = true, KeyFormat = left.KeyFormat,
        };
    }

    // The foreign key is computed from the prepared row, so every column stays.
    private static ProjectNode PrepareTable(PlanNode node)
    {
        var columns = Everything(node).ToList();
        var values = columns.Select(c => new NamedExpression(c.Name, new BoundColumn(c.Name, c.Type), "")).ToList();
        return new ProjectNode(new PlanSchema(node.Schema.Key, columns), node, values)
        {
            IsTable = node.IsTable, Window = node.Window, KeyFormat = node.KeyFormat,
        };
    }
}
