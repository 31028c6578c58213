using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Parsing;
using StreamFlow.Sql.Testing.Running;

namespace StreamFlow.Sql.Testing.Scripts;

/// <summary>
/// Runs one test of a <c>.sql</c> file through the real engine over topics in memory: statement by statement, every query running to
/// the end of its topics after each.
/// </summary>
internal sealed class ScriptRunner : IDisposable
{
    private readonly SqlScript _script;
    private readonly TestRuntime _runtime = new();
    private readonly InMemorySchemaRegistry _registry = new();
    private readonly SqlSession _session = new();
    private readonly List<ScriptQuery> _queries = [];

    private ScriptRunner(SqlScript script) => _script = script;

    public static async Task<CaseResult> RunAsync(SqlScript script, CancellationToken cancellationToken)
    {
        using var runner = new ScriptRunner(script);
        var error = await runner.ErrorAsync(cancellationToken).ConfigureAwait(false);
        return (error, script) switch
        {
            (null, { ExpectsError: true }) => CaseResult.Failed("an error was expected, but all statements were accepted"),
            (null, _) => CaseResult.Passed,
            ({ } text, { ExpectsError: true, ExpectedMessage: { } part }) when !text.Contains(part, StringComparison.Ordinal) =>
                CaseResult.Failed($"expected an error with \"{part}\" actual {text}"),
            (_, { ExpectsError: true }) => CaseResult.Passed,
            _ => CaseResult.Failed(error),
        };
    }

    public void Dispose()
    {
        foreach (var query in _queries)
        {
            query.Dispose();
        }
    }

    private async Task<string?> ErrorAsync(CancellationToken cancellationToken)
    {
        var options = new SqlEngineOptions
        {
            Registry = _registry,
            Properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["auto.offset.reset"] = "earliest" },
        };
        var engine = new SqlEngine(_runtime, options);
        await using (engine.ConfigureAwait(false))
        {
            var line = 0;
            try
            {
                var assertions = new ScriptAssertions(engine, _runtime, _registry, _session);
                foreach (var statement in SqlParser.ParseScript(_script.Text))
                {
                    line = statement.Statement.Span.Line;
                    Declare(statement.Statement);
                    if (!await assertions.CheckAsync(statement.Statement, cancellationToken).ConfigureAwait(false))
                    {
                        await ExecuteAsync(engine, statement.Text, cancellationToken).ConfigureAwait(false);
                    }

                    RunQueries();
                }

                return null;
            }
            catch (Exception e) when (e is StreamFlowException or CaseFailedException)
            {
                return (line == 0 ? "" : $"line {line}: ") + e.Message.ReplaceLineEndings(" ");
            }
        }
    }

    private async Task ExecuteAsync(SqlEngine engine, string sql, CancellationToken cancellationToken)
    {
        await foreach (var result in engine.ExecuteAsync(sql + ";", _session, cancellationToken).ConfigureAwait(false))
        {
            // The test looks at topics; results are for people.
            _ = result;
        }
    }

    // Topics exist as soon as a statement names them, so that tests need not say how many partitions they have.
    private void Declare(Statement statement)
    {
        if (statement is CreateSource source
            && source.Properties.FirstOrDefault(p => p.Name == "KAFKA_TOPIC")?.Value is StringLiteral { Value: var topic })
        {
            var partitions = source.Properties.FirstOrDefault(p => p.Name == "PARTITIONS")?.Value as IntegerLiteral;
            _runtime.Ensure(topic, Math.Max(1, partitions?.Value ?? 1));
        }
    }

    private void RunQueries()
    {
        var topologies = _runtime.Queries.Select(q => q.Topology).ToList();
        foreach (var stopped in _queries.Where(q => !topologies.Contains(q.Topology)).ToList())
        {
            stopped.Dispose();
            _queries.Remove(stopped);
        }

        foreach (var started in topologies.Where(t => _queries.TrueForAll(q => !ReferenceEquals(q.Topology, t))))
        {
            _queries.Add(new ScriptQuery(started, _runtime));
        }

        bool stepped;
        do
        {
            stepped = false;
            foreach (var query in _queries)
            {
                stepped |= query.Step();
            }
        }
        while (stepped);
    }
}
