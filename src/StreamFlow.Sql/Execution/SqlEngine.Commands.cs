using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution.Commands;
using StreamFlow.Sql.Parsing;

namespace StreamFlow.Sql.Execution;

/// <content>
/// The command log: statements that change the catalog or a query are kept, and executed again by the next engine on the same log. While
/// they are replayed topics stay as they are, and queries start only when all has been read, so that those that were terminated later never
/// run.
/// </content>
public sealed partial class SqlEngine
{
    private readonly string _engineId = Guid.NewGuid().ToString("N");
    private string? _damage;

    /// <summary>What is wrong with the command log, or null. Statements that change the catalog are refused then.</summary>
    public string? Damage => _damage;

    /// <summary>
    /// Executes what the command log has and starts the queries. Executing a statement does so first; call it to do it at once.
    /// </summary>
    /// <exception cref="StreamFlowException">The log cannot be read. Damage in it does not throw: see <see cref="Damage"/>.</exception>
    public async ValueTask RestoreAsync(CancellationToken cancellationToken = default)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Executes statements as one batch: their queries start when all of them have been accepted.</summary>
    /// <param name="script">CREATE, INSERT INTO ... SELECT, SET, UNSET, DEFINE, UNDEFINE.</param>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Stops between statements.</param>
    /// <exception cref="SqlException">A statement was rejected, or may not stand in a batch; no query was started.</exception>
    public async ValueTask ExecuteBatchAsync(string script, SqlSession session, CancellationToken cancellationToken = default)
    {
        foreach (var parsed in SqlParser.ParseScript(script))
        {
            if (!MayBeBatched(parsed.Statement))
            {
                throw new SqlException(
                    SqlErrors.Unsupported,
                    parsed.Statement.Span,
                    "A worker's file defines streams, tables, types and queries; this statement is none of these.",
                    "run it with streamflow sql");
            }
        }

        _isDeferring = true;
        try
        {
            await foreach (var result in ExecuteAsync(script, session, cancellationToken).ConfigureAwait(false))
            {
                _ = result;
            }
        }
        finally
        {
            _isDeferring = false;
        }

        foreach (var id in _queryOrder.ToList())
        {
            await LaunchAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool MayBeBatched(Statement statement) =>
        statement is CreateSource or CreateAs or InsertInto or Ast.CreateType or SetProperty { System: false } or UnsetProperty
            or DefineVariable or UndefineVariable;

    private static bool IsKept(Statement statement) =>
        statement is CreateSource or CreateAs or InsertInto or Ast.CreateType or DropType or AlterSource or DropSource or ControlQuery;

    /// <summary>Executes a statement of a user and keeps it.</summary>
    private async ValueTask<SqlResult> ExecuteAndKeepAsync(StatementCall call, CancellationToken cancellationToken)
    {
        if (_options.Commands is not { } log)
        {
            return await DispatchAsync(call, cancellationToken).ConfigureAwait(false);
        }

        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        if (!IsKept(call.Statement))
        {
            return await DispatchAsync(call, cancellationToken).ConfigureAwait(false);
        }

        if (_damage is not null)
        {
            throw new SqlException(
                SqlErrors.DamagedLog, call.Statement.Span, $"The catalog cannot be changed: {_damage}.",
                    "see docs/decisions/0020-sql-command-topic.md");
        }

        var command = new CommandRecord(_engineId, _nextQuery, KeptProperties(call.Session), call.Sql);
        var result = await DispatchAsync(call, cancellationToken).ConfigureAwait(false);
        if (result is SqlDone { IsChange: true })
        {
            await log.AppendAsync(command.ToBytes(), CancellationToken.None).ConfigureAwait(false);
        }

        return result;
    }

    // Server properties that change what a statement means go along; the rest, secrets among it, stays out of the log.
    private Dictionary<string, string> KeptProperties(SqlSession session)
    {
        var kept = _options.Properties
            .Where(p => p.Key.StartsWith("ksql.", StringComparison.Ordinal) || p.Key == "auto.offset.reset")
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in session.Properties)
        {
            kept[name] = value;
        }

        return kept;
    }

    /// <summary>Executes what other engines, or earlier ones, have put into the log.</summary>
    private async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_options.Commands is not { } log || _damage is not null)
        {
            return;
        }

        (_isReplaying, _isDeferring) = (true, true);
        try
        {
            await foreach (var logged in log.ReadNewAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!await TryReplayAsync(log, logged, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }
        }
        finally
        {
            (_isReplaying, _isDeferring) = (false, false);
        }

        foreach (var id in _queryOrder.Where(id => _queries[id].Running == WaitingTopology.Instance).ToList())
        {
            await LaunchOrFailAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> TryReplayAsync(ICommandLog log, LoggedCommand logged, CancellationToken cancellationToken)
    {
        try
        {
            var command = CommandRecord.Parse(logged.Bytes);
            if (command.Engine == _engineId)
            {
                return true;
            }

            var session = new SqlSession();
            foreach (var (name, value) in command.Properties)
            {
                session.Properties[name] = value;
            }

            _nextQuery = Math.Max(_nextQuery, command.QueryNumber);
            var statement = SqlParser.ParseStatement(command.Statement + ";");
            await DispatchAsync(new StatementCall(this, statement, session), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (StreamFlowException e)
        {
            _damage = $"command {logged.Offset} of the topic {log.Name} cannot be executed, and those behind it were not: "
                + e.Message.ReplaceLineEndings(" ");
            return false;
        }
    }

    // One query that cannot start, its topic gone, say, must not take the others with it.
    private async ValueTask LaunchOrFailAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await LaunchAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (StreamFlowException e)
        {
            _queries[id] = _queries[id] with { Running = new WaitingTopology(e) };
        }
    }
}
