using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Planning;

/// <summary>Plans CREATE ... AS SELECT and INSERT INTO ... SELECT.</summary>
internal sealed class SinkPlanner(PlanContext context)
{
    /// <summary>Plans the query of CREATE ... AS and the stream or table it creates.</summary>
    public QueryPlan Plan(CreateAs statement, string queryId, string sql)
    {
        var planner = new QueryPlanner(context, statement.Query, persistent: true);
        var node = planner.Plan();
        if (node.IsTable != (statement.Kind == SourceKind.Table))
        {
            throw new SqlException(
                SqlErrors.BadQuery,
                statement.Span,
                node.IsTable ? "The query's result is a table." : "The query's result is a stream.",
                node.IsTable ? "CREATE TABLE ... AS SELECT" : "CREATE STREAM ... AS SELECT, or aggregate it");
        }

        var properties = new WithProperties(statement.Properties, statement.Span);
        if (properties.Has("WINDOW_TYPE") || properties.Has("WINDOW_SIZE") || properties.Has("QUERY_ID"))
        {
            throw WithProperties.Bad(statement.Span, "The query decides windows and its id; WITH cannot.");
        }

        var left = planner.Sources[0];
        CheckSources(statement.Query, planner.Sources);
        var columns = Columns(node.Schema);
        var formats = new SourceFormats(properties, context.Property);
        var sink = new DataSource
        {
            Name = statement.Name,
            IsTable = node.IsTable,
            Columns = columns,
            Topic = properties.Text("KAFKA_TOPIC") ?? (context.Property("ksql.output.topic.name.prefix") ?? "") + statement.Name,
            KeyFormat = formats.Key(
                [.. columns.Where(c => c.Role == SourceColumnRole.Key)],
                KeyFormats.Inherited(left.KeyFormatOfQueries, node.Schema.Key, context.DefaultKeyFormat)),
            ValueFormat = formats.Value([.. columns.Where(c => c.Role == SourceColumnRole.Value)], left.ValueFormat),
            Window = node.Window,
            CreatedBy = queryId,
            MaterializedBy = node.IsTable ? queryId : null,
            Sql = sql,
        };
        sink = sink with { WrapSingleValue = formats.WrapSingleValue(sink.ValueColumns.Count(), sink.ValueFormat) };
        return new QueryPlan(node, SourceFactory.WithTimestamp(sink, properties), queryId) { Sources = planner.Sources, Sql = sql };
    }

    /// <summary>Plans INSERT INTO ... SELECT into an existing stream.</summary>
    public QueryPlan Plan(InsertInto statement, string queryId, string sql)
    {
        var sink = context.Catalog.Require(statement.Target, statement.Span);
        if (sink.IsTable || sink.IsSource || sink.HeaderColumns.Any())
        {
            throw new SqlException(
                SqlErrors.NotAllowed, statement.Span,
                    $"{sink.Name} takes no rows of a query: it is a table, read-only or has header columns.");
        }

        var planner = new QueryPlanner(context, statement.Query, persistent: true);
        var node = planner.Plan();
        if (node.IsTable)
        {
            throw new SqlException(SqlErrors.BadQuery, statement.Span, "The query's result is a table; INSERT INTO writes streams.");
        }

        var coerced = InsertCoercion.Coerce(node, sink, statement.Span);
        return new QueryPlan(coerced, sink, queryId) { Sources = planner.Sources, Sql = sql };
    }

    private static void CheckSources(Query query, IReadOnlyList<DataSource> sources)
    {
        var multiColumn = query.GroupBy is not null || query.Joins.Count > 0;
        if (multiColumn && sources.FirstOrDefault(s => s.ValueFormat.Name == "KAFKA") is { } bad)
        {
            throw new SqlException(
                SqlErrors.BadFormat, query.Span, $"{bad.Name} has KAFKA values, which cannot be grouped or joined.",
                    "copy it into JSON first");
        }
    }

    private static List<SourceColumn> Columns(PlanSchema schema) =>
    [
        .. schema.Key.Select(c => new SourceColumn(c.Name, c.Type, SourceColumnRole.Key)),
        .. schema.Value.Select(c => new SourceColumn(c.Name, c.Type, SourceColumnRole.Value)),
    ];
}
