using System.Threading.Channels;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Execution;

public sealed partial class SqlEngine
{
    private int _nextTransient;

    private async ValueTask<SqlResult> QueryAsync(StatementCall call, QueryStatement statement, CancellationToken cancellationToken)
    {
        var query = statement.Query;
        if (query.Emit == EmitKind.None)
        {
            throw new SqlException(
                SqlErrors.BadPullQuery, statement.Span,
                    "A query without EMIT CHANGES reads current state, which this engine does not serve.", "EMIT CHANGES");
        }

        var id = $"transient_{query.From.Name}_{Interlocked.Increment(ref _nextTransient)}";
        var planner = new QueryPlanner(call.Context, query, persistent: false);
        var plan = new QueryPlan(planner.Plan(), null, id) { Sources = planner.Sources, Sql = call.Sql, Limit = query.Limit };
        var rows = Channel.CreateBounded<SqlRow>(
            new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        var generated = QueryWriter.Write(call.Context, plan);
        var topology = QueryCompiler.Build(
            generated, QueryContext(id, (values, isTombstone) => rows.Writer.TryWrite(new SqlRow(values, isTombstone))));
        var fromBeginning = call.Property("auto.offset.reset") is "earliest";
        var start = new SqlTopology(
            id, topology, [.. plan.Sources.Select(s => s.Topic).Distinct()], null, fromBeginning, IsTransient: true);
        var running = await runtime.StartAsync(start, cancellationToken).ConfigureAwait(false);
        var columns = plan.Input.Schema.Value.Select(c => new SqlResultColumn(c.Name, c.Type)).ToList();
        return new SqlRows(call.Sql, id, columns, ReadRowsAsync(running, rows.Reader, query.Limit, CancellationToken.None));
    }

    private static async IAsyncEnumerable<SqlRow> ReadRowsAsync(
        IRunningTopology running,
        ChannelReader<SqlRow> rows,
        long? limit,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using (running.ConfigureAwait(false))
        {
            for (long count = 0; limit is null || count < limit; count++)
            {
                yield return await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private ValueTask<SqlResult> ExplainAsync(StatementCall call, Explain statement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var code = statement.QueryId is { } id
            ? _queries.TryGetValue(id, out var query)
                ? query.Code
                : throw new SqlException(
                    SqlErrors.UnknownQuery, statement.Span, $"There is no query {id}.", NearestName.Hint(id, _queries.Keys))
            : Generate(call, statement.Statement!).Code;
        return new ValueTask<SqlResult>(new SqlReport(call.Sql, code));
    }

    private GeneratedQuery Generate(StatementCall call, Statement statement)
    {
        var plan = statement switch
        {
            CreateAs s => new SinkPlanner(call.Context).Plan(
                s, $"{(s.Kind == SourceKind.Stream ? "CSAS" : "CTAS")}_{s.Name}_{_nextQuery}", call.Sql),
            InsertInto s => new SinkPlanner(call.Context).Plan(s, $"INSERTQUERY_{_nextQuery}", call.Sql),
            QueryStatement s => PlanTransient(call, s.Query),
            _ => throw new SqlException(SqlErrors.Unsupported, statement.Span, "EXPLAIN takes a query."),
        };
        return QueryWriter.Write(call.Context, plan);
    }

    private static QueryPlan PlanTransient(StatementCall call, Query query)
    {
        var planner = new QueryPlanner(call.Context, query, persistent: false);
        return new QueryPlan(planner.Plan(), null, "transient") { Sources = planner.Sources, Sql = call.Sql, Limit = query.Limit };
    }
}
