using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Parsing;
using StreamFlow.Sql.Testing.Cases;
using StreamFlow.Sql.Testing.Encoding;
using StreamFlow.Sql.Testing.Scripts;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Testing;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Sql.Testing.Running;

/// <summary>Runs one <c>qtt</c> case through the real engine over topics in memory (FORMAT.md, section 6).</summary>
internal sealed class CaseRunner(SqlCase test)
{
    private readonly TestRuntime _runtime = new();
    private readonly InMemorySchemaRegistry _registry = new();
    private readonly SqlSession _session = new();

    // INSERT VALUES may have written to a topic before the inputs.
    private readonly Dictionary<string, int> _firstInput = new(StringComparer.Ordinal);

    public static async Task<CaseResult> RunAsync(SqlCase test, CancellationToken cancellationToken)
    {
        if (test.Script is { } script)
        {
            return await ScriptRunner.RunAsync(script, cancellationToken).ConfigureAwait(false);
        }

        if (test.Suite != "qtt")
        {
            return CaseResult.Skipped($"{test.Suite} cases need a running server");
        }

        try
        {
            return await new CaseRunner(test).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CaseFailedException e)
        {
            return CaseResult.Failed(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return CaseResult.Failed($"{e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}");
        }
    }

    private async Task<CaseResult> RunAsync(CancellationToken cancellationToken)
    {
        new CaseSetup(_runtime, _registry).Run(test);
        var options = new SqlEngineOptions
        {
            Registry = _registry,
            Time = new FrozenTime(),
            Random = new Random(0),

            // The expected records are those of a real Kafka Streams.
            Compatibility = KafkaCompatibility.All,
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ksql.persistence.default.format.key"] = "KAFKA",
                ["auto.offset.reset"] = "earliest",
            },
        };
        foreach (var (name, value) in test.Properties)
        {
            _session.Properties[name] = value;
        }

        var engine = new SqlEngine(_runtime, options);
        await using (engine.ConfigureAwait(false))
        {
            var (statement, error) = await ExecuteAsync(engine, cancellationToken).ConfigureAwait(false);
            if (test.Error is { Phase: not "runtime" } expected)
            {
                return Judge(expected, statement, error);
            }

            if (error is not null)
            {
                return CaseResult.Failed($"statement {statement + 1} is rejected: {OneLine(error.Message)}");
            }

            return Process(engine);
        }
    }

    private CaseResult Process(SqlEngine engine)
    {
        WriteInputs(engine);
        try
        {
            foreach (var query in _runtime.Queries.ToList())
            {
                RunQuery(query.Topology);
            }
        }
        catch (StreamFlowException) when (test.Error is { Phase: "runtime" })
        {
            return CaseResult.Passed;
        }

        if (test.Error is { Phase: "runtime" })
        {
            return CaseResult.Failed("processing the inputs was expected to fail, but did not");
        }

        new OutputCheck(test, engine, _runtime, _registry).Run();
        new PostCheck(test, engine, _runtime, _registry).Run();
        return CaseResult.Passed;
    }

    /// <summary>Runs the statements up to the first error; -1 is an error of syntax, which rejects the whole script.</summary>
    private async Task<(int Statement, Exception? Error)> ExecuteAsync(SqlEngine engine, CancellationToken cancellationToken)
    {
        var index = -1;
        try
        {
            foreach (var sql in test.Statements)
            {
                SqlParser.ParseScript(sql);
            }

            for (index = 0; index < test.Statements.Count; index++)
            {
                await foreach (var result in engine.ExecuteAsync(test.Statements[index], _session, cancellationToken).ConfigureAwait(false))
                {
                    // The case is about topics; results are for people.
                    _ = result;
                }
            }

            return (index, null);
        }
        catch (StreamFlowException e)
        {
            return (index, e);
        }
    }

    private CaseResult Judge(ExpectedError expected, int statement, Exception? error)
    {
        if (error is null)
        {
            return CaseResult.Failed("an error was expected, but all statements were accepted");
        }

        var atLast = statement < 0 || statement == test.Statements.Count - 1;
        return expected.At != "last-statement" || atLast
            ? CaseResult.Passed
            : CaseResult.Failed($"statement {statement + 1} is rejected instead of the last one: {OneLine(error.Message)}");
    }

    private void WriteInputs(SqlEngine engine)
    {
        foreach (var input in test.Inputs)
        {
            var source = engine.Catalog.Sources.FirstOrDefault(s => s.Topic == input.Topic)
                ?? throw new CaseFailedException($"no source reads the input topic {input.Topic}");
            var key = input.Key is { } k ? TopicCodecs.Key(source, _registry).Encode(k) : null;
            if (key is not null && input.Window is { } window)
            {
                key = WindowedKeys.Wrap(key, window);
            }

            var value = input.Value is { } v ? TopicCodecs.Value(source, _registry).Encode(v) : null;
            var headers = input.Headers.Count == 0
                ? Headers.Empty
                : new Headers([.. input.Headers.Select(h => new Header(h.Key, h.Value))]);
            var records = _runtime.Ensure(input.Topic, 4).Records;
            _firstInput.TryAdd(input.Topic, records.Count);
            records.Add(new SqlRecord(key, value, input.Timestamp ?? 0, headers));
        }
    }

    private void RunQuery(SqlTopology query)
    {
        var options = new TestDriverOptions
        {
            ApplicationId = query.QueryId,
            Errors = QueryErrors.Handling,
        };
        using var driver = new TopologyTestDriver(query.Topology, options);
        var sink = query.SinkTopic is { } name ? driver.CreateOutputTopic<byte[], byte[]>(name) : null;
        foreach (var (topic, record) in Inputs(query))
        {
            driver.PipeBytes(topic, new TopicRecord(record.Key, record.Value, record.Timestamp, record.Headers));
            while (sink is { Count: > 0 })
            {
                var output = sink.ReadRecord();
                _runtime.Ensure(query.SinkTopic!, 4).Records.Add(new SqlRecord(output.Key, output.Value, output.Timestamp, output.Headers));
            }
        }
    }

    // Topics that the case feeds give exactly the case's records in its order; the others what earlier queries left in them.
    private List<(string Topic, SqlRecord Record)> Inputs(SqlTopology query)
    {
        var fed = test.Inputs.Select(i => i.Topic).Where(t => query.SourceTopics.Contains(t)).ToHashSet(StringComparer.Ordinal);
        var next = fed.ToDictionary(t => t, t => _firstInput[t], StringComparer.Ordinal);
        var records = new List<(string, SqlRecord)>();
        foreach (var input in test.Inputs.Where(i => fed.Contains(i.Topic)))
        {
            records.Add((input.Topic, _runtime.Find(input.Topic)!.Records[next[input.Topic]++]));
        }

        foreach (var topic in query.SourceTopics.Where(t => !fed.Contains(t)).Distinct(StringComparer.Ordinal))
        {
            records.AddRange((_runtime.Find(topic)?.Records ?? []).Select(r => (topic, r)));
        }

        return records;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    /// <summary>The wall clock of all cases: it stands at the epoch.</summary>
    private sealed class FrozenTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
