using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Execution;

/// <content>TERMINATE, PAUSE and RESUME.</content>
public sealed partial class SqlEngine
{
    private async ValueTask<SqlResult> ControlQueryAsync(StatementCall call, ControlQuery statement)
    {
        if (statement is { Command: QueryCommand.Terminate, QueryId: { } name } && FindTransient(name) is { } transient)
        {
            await StopTransientAsync(transient).ConfigureAwait(false);
            return call.Unchanged($"Query {transient.Id} terminated.");
        }

        List<string> ids = statement.QueryId is null ? [.. _queryOrder] : [statement.QueryId];
        foreach (var id in ids)
        {
            if (!_queries.TryGetValue(id, out var query))
            {
                throw new SqlException(
                    SqlErrors.UnknownQuery, statement.Span, $"There is no query {id}.", NearestName.Hint(id, _queries.Keys));
            }

            switch (statement.Command)
            {
                case QueryCommand.Terminate:
                    await StopAsync(id).ConfigureAwait(false);
                    break;
                case QueryCommand.Pause:
                    query.Running.Pause();
                    _queries[id] = query with { IsPaused = true };
                    break;
                default:
                    query.Running.Resume();
                    _queries[id] = query with { IsPaused = false };
                    break;
            }
        }

        var done = statement.Command switch
        {
            QueryCommand.Terminate => "terminated",
            QueryCommand.Pause => "paused",
            _ => "resumed",
        };
        return ids.Count == 0 ? call.Unchanged("There are no queries.") : call.Done($"{string.Join(", ", ids)} {done}.");
    }

    // Their ids are in the case of their source, but identifiers in statements are upper-cased.
    private TransientQuery? FindTransient(string id) =>
        _transients.Values.FirstOrDefault(t => string.Equals(t.Id, id, StringComparison.OrdinalIgnoreCase));

    private async ValueTask StopAsync(string queryId)
    {
        var running = _queries[queryId].Running;
        if (_isReplaying)
        {
            await running.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            await running.RemoveAsync().ConfigureAwait(false);
        }

        _queries.Remove(queryId);
        _queryOrder.Remove(queryId);
    }
}
