using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Execution;

public sealed partial class SqlEngine
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, TransientQuery> _transients = new(StringComparer.Ordinal);
    private int _nextTransient;

    private ValueTask<SqlResult> QueryAsync(StatementCall call, QueryStatement statement, CancellationToken cancellationToken) =>
        statement.Query.Emit == EmitKind.None
            ? PullAsync(call, statement.Query, cancellationToken)
            : PushAsync(call, statement.Query, cancellationToken);

    private async ValueTask<SqlResult> PushAsync(StatementCall call, Query query, CancellationToken cancellationToken)
    {
        var id = $"transient_{query.From.Name}_{Interlocked.Increment(ref _nextTransient)}";
        var plan = PlanTransient(call, query, id);
        var rows = new TransientRows();
        var (topology, _) = QueryCompiler.Build(
            QueryWriter.Write(call.Context, plan), QueryContext(id, (values, isTombstone) => rows.Add(new SqlRow(values, isTombstone))));
        var start = new SqlTopology(
            id, topology, [.. plan.Sources.Select(s => s.Topic).Distinct()], null, StartsAtBeginning(call), IsTransient: true)
        {
            Properties = StreamsProperties(call.Session),
        };
        var running = await runtime.StartAsync(start, cancellationToken).ConfigureAwait(false);
        rows.Attach(running);
        var transient = new TransientQuery(id, call.Sql, running, rows);
        _transients[id] = transient;
        var columns = plan.Input.Schema.Value.Select(c => new SqlResultColumn(c.Name, c.Type)).ToList();
        return new SqlRows(call.Sql, id, columns, rows.ReadAsync(query.Limit, () => StopTransientAsync(transient), CancellationToken.None));
    }

    private async ValueTask StopTransientAsync(TransientQuery query)
    {
        if (_transients.TryRemove(query.Id, out _))
        {
            query.Rows.End();
            await query.Running.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static bool StartsAtBeginning(StatementCall call) =>
        (call.Property("auto.offset.reset") ?? call.Property("ksql.streams.auto.offset.reset")) is "earliest";

    private ValueTask<SqlResult> ExplainAsync(StatementCall call, Explain statement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var text = statement.QueryId is { } id
            ? ExplainRunning(id, statement)
            : ExplainStatement(call, statement.Statement!, statement.Code);
        return new ValueTask<SqlResult>(new SqlReport(call.Sql, text));
    }

    private string ExplainRunning(string id, Explain statement)
    {
        if (!_queries.TryGetValue(id, out var query))
        {
            throw new SqlException(
                SqlErrors.UnknownQuery, statement.Span, $"There is no query {id}.", NearestName.Hint(id, _queries.Keys));
        }

        if (statement.Code)
        {
            return query.Code;
        }

        var (topology, _) = QueryCompiler.Build(query.Start.Code, QueryContext(id));
        return QueryDescriptions.Explain(id, query.Sql, query.Sources, query.Sink?.Name, QueryDescriptions.Status(query), topology)
            + "\n\n" + PlanText.Write(query.Plan);
    }

    private string ExplainStatement(StatementCall call, Statement statement, bool code)
    {
        if (statement is QueryStatement { Query.Emit: EmitKind.None } pull)
        {
            var planned = PlanPull(call, pull.Query);
            return code
                ? planned.Code.Code
                : QueryDescriptions.Explain("pull query", call.Sql, [planned.Source.Name], null, null, null);
        }

        var plan = PlanOf(call, statement);
        var generated = QueryWriter.Write(call.Context, plan);
        return code
            ? generated.Code
            : QueryDescriptions.Explain(
                plan.QueryId, call.Sql, plan.Sources.Select(s => s.Name), plan.Sink?.Name, null,
                    QueryCompiler.Build(generated, QueryContext(plan.QueryId)).Topology) + "\n\n" + PlanText.Write(plan);
    }

    private QueryPlan PlanOf(StatementCall call, Statement statement) => statement switch
    {
        CreateAs s => new SinkPlanner(call.Context).Plan(
            s, $"{(s.Kind == SourceKind.Stream ? "CSAS" : "CTAS")}_{s.Name}_{_nextQuery}", call.Sql),
        InsertInto s => new SinkPlanner(call.Context).Plan(s, $"INSERTQUERY_{_nextQuery}", call.Sql),
        QueryStatement s => PlanTransient(call, s.Query, "transient"),
        _ => throw new SqlException(SqlErrors.Unsupported, statement.Span, "EXPLAIN takes a query."),
    };

    private static QueryPlan PlanTransient(StatementCall call, Query query, string id)
    {
        var planner = new QueryPlanner(call.Context, query, persistent: false);
        return new QueryPlan(planner.Plan(), null, id) { Sources = planner.Sources, Sql = call.Sql, Limit = query.Limit };
    }
}
