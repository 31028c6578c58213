using StreamFlow.Core.Errors;
using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.CodeGeneration.Runtime;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Functions;
using StreamFlow.Sql.Parsing;
using StreamFlow.Sql.Planning;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Sql.Execution;

/// <summary>
/// Executes SQL: keeps the catalog, plans and compiles queries, and runs them on an <see cref="ISqlRuntime"/>.
/// One statement runs at a time; concurrent callers wait for each other.
/// </summary>
/// <param name="runtime">Topics and the running of topologies.</param>
/// <param name="options">Properties, registry, clock; null for the defaults.</param>
public sealed partial class SqlEngine(ISqlRuntime runtime, SqlEngineOptions? options = null) : IAsyncDisposable
{
    private readonly SqlEngineOptions _options = options ?? SqlEngineOptions.Default;
    private readonly Dictionary<string, PersistentQuery> _queries = new(StringComparer.Ordinal);
    private readonly List<string> _queryOrder = [];
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly FunctionRegistry _functions = FunctionRegistry.BuiltIn;
    private int _nextQuery;

    // Statements are only registered: topics are left as they are.
    private bool _isReplaying;

    // Queries are only registered; LaunchWaitingAsync starts them.
    private bool _isDeferring;

    /// <summary>The streams, tables and types that exist.</summary>
    public SqlCatalog Catalog { get; } = new();

    /// <summary>The running persistent queries, in the order in which they were created.</summary>
    public IReadOnlyList<PersistentQuery> Queries => [.. _queryOrder.Select(id => _queries[id])];

    /// <summary>The names of all functions, in upper case.</summary>
    public IEnumerable<string> FunctionNames => _functions.Names;

    /// <summary>Executes a script. The whole text is parsed before its first statement runs.</summary>
    /// <param name="script">Statements, each closed by a semicolon.</param>
    /// <param name="session">Properties and variables; SET and DEFINE change it.</param>
    /// <param name="cancellationToken">Stops between statements.</param>
    /// <returns>The result of each statement, as it was executed.</returns>
    /// <exception cref="SqlException">A statement was rejected; those before it stay executed.</exception>
    public async IAsyncEnumerable<SqlResult> ExecuteAsync(
        string script, SqlSession session,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var parsed in SqlParser.ParseScript(script))
        {
            var statement = parsed;
            if (statement.Text.Contains("${", StringComparison.Ordinal) && statement.Statement is not DefineVariable)
            {
                var replaced = VariableSubstitution.Apply(statement.Text, session.Variables);
                statement = SqlParser.ParseStatement(replaced + ";", statement.Statement.Span);
            }

            yield return await ExecuteOneAsync(statement, session, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops all queries.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var transient in _transients.Values)
        {
            await StopTransientAsync(transient).ConfigureAwait(false);
        }

        foreach (var query in _queries.Values)
        {
            await query.Running.DisposeAsync().ConfigureAwait(false);
        }

        _queries.Clear();
        _queryOrder.Clear();
        _oneAtATime.Dispose();
    }

    private async ValueTask<SqlResult> ExecuteOneAsync(ParsedStatement statement, SqlSession session, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ExecuteAndKeepAsync(new StatementCall(this, statement, session), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private ValueTask<SqlResult> DispatchAsync(StatementCall call, CancellationToken cancellationToken) => call.Statement switch
    {
        CreateSource s => CreateSourceAsync(call, s, cancellationToken),
        CreateAs s => CreateAsAsync(call, s, cancellationToken),
        InsertInto s => InsertIntoAsync(call, s, cancellationToken),
        InsertValues s => InsertValuesAsync(call, s, cancellationToken),
        DropSource s => DropSourceAsync(call, s, cancellationToken),
        ControlQuery s => ControlQueryAsync(call, s),
        QueryStatement s => QueryAsync(call, s, cancellationToken),
        Explain s => ExplainAsync(call, s, cancellationToken),
        Show s => ShowAsync(call, s, cancellationToken),
        Ast.Describe { Extended: true } s when s.Subject != DescribeSubject.Function => DescribeExtendedAsync(call, s, cancellationToken),
        PrintTopic s => PrintAsync(call, s, cancellationToken),
        AssertTopic s => AssertTopicAsync(call, s, cancellationToken),
        AssertSchema s => AssertSchemaAsync(call, s, cancellationToken),
        _ => new ValueTask<SqlResult>(ExecuteLocally(call)),
    };

    private SqlResult ExecuteLocally(StatementCall call)
    {
        switch (call.Statement)
        {
            case CreateType s:
                return CreateType(call, s);
            case DropType s:
                return Catalog.RemoveType(s.Name) || s.IfExists
                    ? call.Done($"Type {s.Name} dropped.")
                    : throw new SqlException(
                        SqlErrors.UnknownType, s.Span, $"There is no type {s.Name}.", NearestName.Hint(s.Name, Catalog.Types.Keys));
            case AlterSource s:
                return Alter(call, s);
            case SetProperty { System: false } s:
                call.Session.Properties[s.Name] = s.Value;
                return call.Unchanged($"{s.Name} set to {s.Value}.");
            case UnsetProperty s:
                call.Session.Properties.Remove(s.Name);
                return call.Unchanged($"{s.Name} unset.");
            case DefineVariable s:
                call.Session.Variables[s.Name] = VariableSubstitution.Apply(s.Value, call.Session.Variables);
                return call.Unchanged($"{s.Name} defined.");
            case UndefineVariable s:
                call.Session.Variables.Remove(s.Name);
                return call.Unchanged($"{s.Name} undefined.");
            case Describe s:
                return Describe(call, s);
            default:
                throw new SqlException(SqlErrors.Unsupported, call.Statement.Span, "This statement is not executed here.");
        }
    }

    private SqlDone CreateType(StatementCall call, CreateType statement)
    {
        if (Catalog.AddType(statement.Name, Catalog.Resolve(statement.Type)) || statement.IfNotExists)
        {
            return call.Done($"Type {statement.Name} created.");
        }

        throw new SqlException(SqlErrors.DuplicateName, statement.Span, $"The type {statement.Name} exists already.");
    }

    private SqlDone Alter(StatementCall call, AlterSource statement)
    {
        var source = Catalog.Require(statement.Name, statement.Span);
        CheckKind(source, statement.Kind, statement.Span);
        if (source.IsSource || source.CreatedBy is not null)
        {
            throw new SqlException(
                SqlErrors.NotAllowed, statement.Span, $"{source.Name} cannot be altered: it is read-only or written by a query.");
        }

        var added = statement.Added.Select(c => new SourceColumn(c.Name, Catalog.Resolve(c.Type), SourceColumnRole.Value)).ToList();
        if (added.FirstOrDefault(a => source.Find(a.Name) is not null || SystemColumns.IsSystem(a.Name)) is { } bad)
        {
            throw new SqlException(SqlErrors.DuplicateName, statement.Span, $"{source.Name} has a column {bad.Name} already.");
        }

        var columns = source.KeyColumns.Concat(source.ValueColumns).Concat(added).Concat(source.HeaderColumns).ToList();
        Catalog.Put(source with { Columns = columns });
        return call.Done($"{source.Name} altered.");
    }

    private static void CheckKind(DataSource source, SourceKind kind, SourceSpan span)
    {
        if (source.IsTable != (kind == SourceKind.Table))
        {
            throw new SqlException(SqlErrors.NotAllowed, span, $"{source.Name} is a {(source.IsTable ? "table" : "stream")}.");
        }
    }

    // What SET says about how queries run, without ksqlDB's prefix.
    private static Dictionary<string, string> StreamsProperties(SqlSession session) => session.Properties
        .Select(p => KeyValuePair.Create(p.Key.StartsWith("ksql.streams.",
            StringComparison.Ordinal) ? p.Key["ksql.streams.".Length..] : p.Key, p.Value))
        .Where(p => ClusterSqlRuntime.IsQueryProperty(p.Key))
        .ToDictionary(StringComparer.Ordinal);

    private string? Property(SqlSession session, string name) =>
        session.Properties.TryGetValue(name, out var value) ? value : _options.Properties.GetValueOrDefault(name);

    private SqlQueryContext QueryContext(string queryId, Action<object?[], bool>? onRow = null) => new(
        new SqlFunctionContext(_options.Time, _options.Random ?? new Random()),
        _options.Registry,
        (sql, cause) => _options.OnProcessingError?.Invoke(new SqlProcessingError(queryId, sql, cause)),
        onRow) { Topology = new TopologyOptions { Compatibility = _options.Compatibility } };

    /// <summary>One statement on its way through the engine.</summary>
    private sealed class StatementCall(SqlEngine engine, ParsedStatement parsed, SqlSession session)
    {
        public Statement Statement => parsed.Statement;

        public string Sql => parsed.Text;

        public SqlSession Session => session;

        public PlanContext Context => new(engine.Catalog, engine._functions, Property);

        public string? Property(string name) => engine.Property(session, name);

        public SqlDone Done(string message, string? queryId = null) => new(Sql, message, queryId) { IsChange = true };

        /// <summary>The statement found nothing to change in the catalog.</summary>
        public SqlDone Unchanged(string message) => new(Sql, message);
    }
}
