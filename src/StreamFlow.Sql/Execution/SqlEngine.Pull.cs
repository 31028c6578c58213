using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.CodeGeneration.Runtime.Reading;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Execution;

/// <content>
/// Pull queries: what a table holds now, read from the stores of the query that makes it; or what a stream's topic holds now, read from its
/// beginning to its end.
/// </content>
public sealed partial class SqlEngine
{
    private static readonly TimeSpan PullTimeout = TimeSpan.FromSeconds(30);

    private async ValueTask<SqlResult> PullAsync(StatementCall call, Query query, CancellationToken cancellationToken)
    {
        var plan = PlanPull(call, query);
        var pulls = QueryCompiler.BuildPull(plan.Code, QueryContext("pull"));
        var rows = plan.Source.IsTable
            ? await PullTableAsync(plan, pulls, cancellationToken).ConfigureAwait(false)
            : await PullStreamAsync(plan, pulls(), cancellationToken).ConfigureAwait(false);
        return new SqlRows(call.Sql, $"query_{Interlocked.Increment(ref _nextTransient)}", plan.Columns,
            ListAsync(rows)) { IsFinished = true };
    }

    private static PullPlan PlanPull(StatementCall call, Query query)
    {
        PullChecks.CheckClauses(query, call.Property);
        var source = call.Context.Catalog.Require(query.From.Name, query.From.Span);
        PullChecks.CheckSource(source, query, call.Property);
        var planner = new QueryPlanner(call.Context, query, persistent: false);
        var plan = new QueryPlan(planner.Plan(), null, "pull") { Sources = planner.Sources, Sql = call.Sql, Limit = query.Limit };
        var condition = PullChecks.Condition(plan, query);
        var keys = source.KeyColumns.Select(k => k.Name).ToList();
        var lookup = condition is null || !source.IsTable ? null : KeyLookup.Find(condition, keys);
        if (source.IsTable)
        {
            PullChecks.CheckScan(query, condition, lookup, keys, call.Property);
        }

        var range = condition is not null && lookup is null && source.IsTable && source.KeyColumns.ToList() is [var only]
            ? KeyRange.Find(condition, only.Name, only.Type)
            : null;
        return new PullPlan(
            source, QueryWriter.WritePull(call.Context, plan, lookup, range), WindowBounds.Of(condition), query.Limit,
            ColumnsOf(plan, source), query.Span);
    }

    private static List<SqlResultColumn> ColumnsOf(QueryPlan plan, DataSource source) =>
        [.. ((ProjectNode)plan.Input).Values.Select(v => new SqlResultColumn(
            v.Name, v.Value.KnownType, source.IsTable && v.Value is BoundColumn column && IsKey(source, column.Name)))];

    private static bool IsKey(DataSource source, string column) =>
        source.Find(column) is { } found
            ? found.Role == SourceColumnRole.Key
            : source.Window is not null && SystemColumns.IsWindowBound(column);

    private async ValueTask<List<SqlRow>> PullTableAsync(PullPlan plan, Func<PullQuery> pulls, CancellationToken cancellationToken)
    {
        if (plan.Source.MaterializedBy is not { } id || !_queries.TryGetValue(id, out var query))
        {
            throw new SqlException(
                SqlErrors.BadPullQuery,
                plan.Span,
                $"The query that kept the rows of {plan.Source.Name} is terminated; they cannot be read by key any more.",
                "EMIT CHANGES reads its topic");
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PullTimeout);
        try
        {
            await query.Running.WaitUntilRunningAsync(timeout.Token).ConfigureAwait(false);
            await RefreshAsync(id, timeout.Token).ConfigureAwait(false);
            if (await query.Running.IsSharedAsync(timeout.Token).ConfigureAwait(false))
            {
                return await PullTopicAsync(plan, pulls(), timeout.Token).ConfigureAwait(false);
            }

            var pull = pulls();
            var (from, to) = pull.KeyRange();
            var request = new TableRequest(pull.Keys(), plan.Bounds.From, plan.Bounds.To) { FromKey = from, ToKey = to };
            var sinks = await query.Reader!.ReadAsync(query.Running, request, () => new PullSink(pulls(), plan.Limit), timeout.Token)
                .ConfigureAwait(false);
            return Limited(sinks.SelectMany(s => s.Rows), plan.Limit);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SqlException(
                SqlErrors.BadPullQuery, plan.Span, $"The query {id} did not get ready to answer within {PullTimeout.TotalSeconds} s.",
                    "it may still restore its state: try again");
        }
    }

    // Other processes hold a part of the stores. The table's topic has all of it: the last record of each key is its row.
    private async ValueTask<List<SqlRow>> PullTopicAsync(PullPlan plan, PullQuery pull, CancellationToken cancellationToken)
    {
        var latest = new Dictionary<string, SqlRecord>(StringComparer.Ordinal);
        var records = runtime.ReadAsync(plan.Source.Topic, fromBeginning: true, untilEnd: true, cancellationToken);
        await foreach (var record in records.ConfigureAwait(false))
        {
            if (record.Key is { } key)
            {
                latest[Convert.ToBase64String(key)] = record;
            }
        }

        var rows = latest.Values
            .Select(r => pull.OfRecord(plan.Source.Topic, r.Key, r.Value, r.Timestamp, r.Headers))
            .Where(row => row is not null);
        return Limited(rows!, plan.Limit);
    }

    private async ValueTask<List<SqlRow>> PullStreamAsync(PullPlan plan, PullQuery pull, CancellationToken cancellationToken)
    {
        var rows = new List<SqlRow>();
        if (plan.Limit == 0)
        {
            return rows;
        }

        await RefreshWritersAsync(plan.Source.Topic, cancellationToken).ConfigureAwait(false);
        var records = runtime.ReadAsync(plan.Source.Topic, fromBeginning: true, untilEnd: true, cancellationToken);
        await foreach (var record in records.ConfigureAwait(false))
        {
            if (pull.OfRecord(plan.Source.Topic, record.Key, record.Value, record.Timestamp, record.Headers) is { } row)
            {
                rows.Add(new SqlRow(row));
                if (rows.Count == plan.Limit)
                {
                    break;
                }
            }
        }

        return rows;
    }

    private static List<SqlRow> Limited(IEnumerable<object?[]> rows, long? limit) =>
        [.. rows.Take((int)Math.Min(limit ?? int.MaxValue, int.MaxValue)).Select(r => new SqlRow(r))];

    private static async IAsyncEnumerable<SqlRow> ListAsync(List<SqlRow> rows)
    {
        foreach (var row in rows)
        {
            yield return row;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
