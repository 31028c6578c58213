using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Parsing;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Execution;

public sealed partial class SqlEngine
{
    private async ValueTask<SqlResult> CreateSourceAsync(StatementCall call, CreateSource statement, CancellationToken cancellationToken)
    {
        if (Existing(call, statement.Name, statement.OrReplace, statement.IfNotExists, statement.Span) is { } existing)
        {
            return call.Unchanged(existing);
        }

        if (statement is { IsSource: true, OrReplace: true })
        {
            throw new SqlException(SqlErrors.NotAllowed, statement.Span, "A SOURCE is read-only and cannot be replaced.");
        }

        var registry = new RegistryColumns(_options.Registry, call.Property);
        var inferred = registry.Infer(statement);
        var source = inferred.Apply(new SourceFactory(Catalog, call.Property).Create(statement, inferred.Columns, call.Sql));
        var properties = new WithProperties(statement.Properties, statement.Span);
        if (!_isReplaying)
        {
            await EnsureTopicAsync(source, statement, properties, cancellationToken).ConfigureAwait(false);
        }

        if (Catalog.Find(source.Name) is { } replaced)
        {
            CheckWriter(replaced, null, statement.Span);
            QueryUpgrade.Check(replaced, source, statement.Span);
        }

        registry.RegisterDeclared(source);
        var materializing = source is { IsTable: true, IsSource: true }
            && call.Property("ksql.source.table.materialization.enabled") is not "false";
        source = materializing ? source with { MaterializedBy = $"CST_{source.Name}_{_nextQuery}" } : source;
        Catalog.Put(source);
        if (materializing)
        {
            await MaterializeAsync(call, source, cancellationToken).ConfigureAwait(false);
        }

        return call.Done($"{(source.IsTable ? "Table" : "Stream")} {source.Name} created.");
    }

    // A SOURCE table is kept in a store of its own query, which writes nowhere.
    private async ValueTask MaterializeAsync(StatementCall call, DataSource source, CancellationToken cancellationToken)
    {
        var select = (QueryStatement)SqlParser.ParseStatement($"SELECT * FROM `{source.Name}` EMIT CHANGES;").Statement;
        var plan = PlanTransient(call, select.Query, source.MaterializedBy!);
        plan = plan with { Input = ((ProjectNode)plan.Input).Input, IsMaterialization = true };
        try
        {
            await StartAsync(call, plan, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Catalog.Remove(source.Name);
            throw;
        }
    }

    private async ValueTask EnsureTopicAsync(
        DataSource source, CreateSource statement, WithProperties properties, CancellationToken cancellationToken)
    {
        var topic = await runtime.FindTopicAsync(source.Topic, cancellationToken).ConfigureAwait(false);
        if (topic is null)
        {
            var partitions = properties.Partitions() ?? throw new SqlException(
                SqlErrors.BadTopic, statement.Span, $"The topic {source.Topic} does not exist.", "create it, or give PARTITIONS");
            var created = new SqlTopic(source.Topic, partitions, properties.Replicas() ?? 0) { Config = properties.TopicConfig() };
            await runtime.CreateTopicAsync(created, cancellationToken).ConfigureAwait(false);
        }
        else if (properties.Partitions() is { } given && given != topic.Partitions)
        {
            throw new SqlException(
                SqlErrors.BadTopic,
                properties.SpanOf("PARTITIONS"),
                $"The topic {topic.Name} has {topic.Partitions} partitions, not {given}.");
        }
    }

    // What a query writes is replaced by a query, anything else by a definition.
    private static void CheckWriter(DataSource replaced, string? query, SourceSpan span)
    {
        if (replaced.CreatedBy != query)
        {
            throw new SqlException(
                SqlErrors.NotAllowed, span, $"{replaced.Name} was created {(replaced.CreatedBy is null ? "without" : "by")} a query "
                    + $"and cannot be replaced {(query is null ? "without" : "by")} one.", $"drop {replaced.Name} and create it anew");
        }
    }

    private string? Existing(StatementCall call, string name, bool orReplace, bool ifNotExists, SourceSpan span)
    {
        if (Catalog.Find(name) is not { } existing)
        {
            return null;
        }

        if (ifNotExists)
        {
            return $"{name} exists already.";
        }

        if (!orReplace)
        {
            throw new SqlException(SqlErrors.DuplicateName, span, $"{name} exists already.", "CREATE OR REPLACE, or IF NOT EXISTS");
        }

        if (call.Property("ksql.create.or.replace.enabled") is "false")
        {
            throw new SqlException(SqlErrors.NotAllowed, span, "CREATE OR REPLACE is switched off (ksql.create.or.replace.enabled).");
        }

        return existing.IsSource
            ? throw new SqlException(SqlErrors.NotAllowed, span, $"{name} is read-only and cannot be replaced.")
            : null;
    }

    private async ValueTask<SqlResult> CreateAsAsync(StatementCall call, CreateAs statement, CancellationToken cancellationToken)
    {
        if (Existing(call, statement.Name, statement.OrReplace, statement.IfNotExists, statement.Span) is { } message)
        {
            return call.Unchanged(message);
        }

        var replaced = Catalog.Find(statement.Name);
        var prefix = statement.Kind == SourceKind.Stream ? "CSAS" : "CTAS";
        var id = replaced?.CreatedBy ?? $"{prefix}_{statement.Name}_{_nextQuery}";
        var plan = new SinkPlanner(call.Context).Plan(statement, id, call.Sql);
        if (replaced is not null)
        {
            CheckWriter(replaced, id, statement.Span);
            CheckUpgrade(replaced, plan, statement.Span);
        }

        if (!_isReplaying)
        {
            await CheckPartitionsAsync(statement.Query, plan, cancellationToken).ConfigureAwait(false);
            await CreateSinkTopicAsync(statement, plan, cancellationToken).ConfigureAwait(false);
        }

        new RegistryColumns(_options.Registry, call.Property).RegisterSink(plan.Sink!, statement.Span);
        await StartAsync(call, plan, cancellationToken).ConfigureAwait(false);
        Catalog.Put(plan.Sink!);
        return call.Done($"Query {id} writes {statement.Name}.", id);
    }

    private void CheckUpgrade(DataSource replaced, QueryPlan plan, SourceSpan span)
    {
        if (_queries.TryGetValue(plan.QueryId, out var running))
        {
            QueryUpgrade.Check(running.Plan, plan, span);
        }
        else
        {
            QueryUpgrade.Check(replaced, plan.Sink!, span);
        }
    }

    private async ValueTask CreateSinkTopicAsync(CreateAs statement, QueryPlan plan, CancellationToken cancellationToken)
    {
        var properties = new WithProperties(statement.Properties, statement.Span);
        var (partitions, replicas) = (properties.Partitions(), properties.Replicas());
        var name = plan.Sink!.Topic;
        var topic = await runtime.FindTopicAsync(name, cancellationToken).ConfigureAwait(false);
        if (topic is null)
        {
            var left = await runtime.FindTopicAsync(plan.Sources[0].Topic, cancellationToken).ConfigureAwait(false);
            var config = properties.TopicConfig();
            config.TryAdd("cleanup.policy", plan.Sink.IsTable ? "compact" : "delete");
            if (!plan.Sink.IsTable && left?.Config.GetValueOrDefault("retention.ms") is { } retention)
            {
                config.TryAdd("retention.ms", retention);
            }

            var created = new SqlTopic(name, partitions ?? left?.Partitions ?? 1, replicas ?? left?.Replicas ?? 0) { Config = config };
            await runtime.CreateTopicAsync(created, cancellationToken).ConfigureAwait(false);
        }
        else if ((partitions ?? topic.Partitions) != topic.Partitions)
        {
            throw new SqlException(SqlErrors.BadTopic, statement.Span, $"The topic {name} exists with {topic.Partitions} partitions.");
        }
    }

    // Sides of a join that are not repartitioned must have equal numbers of partitions.
    private async ValueTask CheckPartitionsAsync(Query query, QueryPlan plan, CancellationToken cancellationToken)
    {
        if (query.Joins.Count == 0)
        {
            return;
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in CopartitionedTopics.Of(plan.Input))
        {
            if (await runtime.FindTopicAsync(name, cancellationToken).ConfigureAwait(false) is { } topic)
            {
                counts[name] = topic.Partitions;
            }
        }

        if (counts.Values.Distinct().Count() > 1)
        {
            throw new SqlException(
                SqlErrors.BadJoin,
                query.Joins[0].Span,
                $"The joined topics have different numbers of partitions: {string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))}.",
                "repartition one of them: CREATE STREAM ... WITH (PARTITIONS = n) AS SELECT ... PARTITION BY ...");
        }
    }

    private async ValueTask<SqlResult> InsertIntoAsync(StatementCall call, InsertInto statement, CancellationToken cancellationToken)
    {
        var properties = new WithProperties(statement.Properties, statement.Span);
        var id = properties.Text("QUERY_ID")?.ToUpperInvariant() ?? $"INSERTQUERY_{_nextQuery}";
        if (_queries.ContainsKey(id))
        {
            throw new SqlException(SqlErrors.DuplicateName, statement.Span, $"A query {id} runs already.");
        }

        var plan = new SinkPlanner(call.Context).Plan(statement, id, call.Sql);
        if (!_isReplaying)
        {
            await CheckPartitionsAsync(statement.Query, plan, cancellationToken).ConfigureAwait(false);
        }

        await StartAsync(call, plan, cancellationToken).ConfigureAwait(false);
        return call.Done($"Query {id} writes {statement.Target}.", id);
    }

    private async ValueTask StartAsync(StatementCall call, QueryPlan plan, CancellationToken cancellationToken)
    {
        var generated = QueryWriter.Write(call.Context, plan);
        if (_queries.TryGetValue(plan.QueryId, out var old))
        {
            await old.Running.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _queryOrder.Add(plan.QueryId);
        }

        var start = new QueryStart(
            generated, [.. plan.Sources.Select(s => s.Topic).Distinct()], plan.Sink?.Topic, StartsAtBeginning(call),
                StreamsProperties(call.Session));
        _queries[plan.QueryId] = new PersistentQuery(
            plan.QueryId, call.Sql, [.. plan.Sources.Select(s => s.Name)], plan.Sink, generated.Code, WaitingTopology.Instance)
        {
            Start = start,
            Plan = plan,
        };
        if (_isDeferring)
        {
            _nextQuery++;
            return;
        }

        try
        {
            await LaunchAsync(plan.QueryId, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _queries.Remove(plan.QueryId);
            _queryOrder.Remove(plan.QueryId);
            throw;
        }

        _nextQuery++;
    }

    /// <summary>Compiles and starts a query that waits for it.</summary>
    private async ValueTask LaunchAsync(string id, CancellationToken cancellationToken)
    {
        var query = _queries[id];
        var start = query.Start;
        var (topology, reader) = QueryCompiler.Build(start.Code, QueryContext(id));
        var running = await runtime.StartAsync(
            new SqlTopology(id, topology, start.SourceTopics, start.SinkTopic, start.FromBeginning, IsTransient: false)
            {
                Properties = start.Properties,
            },
            cancellationToken).ConfigureAwait(false);
        if (query.IsPaused)
        {
            running.Pause();
        }

        _queries[id] = query with { Running = running, Reader = reader };
    }

    private async ValueTask<SqlResult> DropSourceAsync(StatementCall call, DropSource statement, CancellationToken cancellationToken)
    {
        if (Catalog.Find(statement.Name) is not { } source)
        {
            return statement.IfExists ? call.Unchanged($"There is no {statement.Name}.") : throw Unknown(statement);
        }

        CheckKind(source, statement.Kind, statement.Span);
        if (statement.DeleteTopic && source.IsSource)
        {
            throw new SqlException(SqlErrors.NotAllowed, statement.Span, $"{source.Name} is read-only; its topic stays.");
        }

        var users = _queries.Values
            .Where(q => q.Id != source.MaterializedBy && q.Id != source.CreatedBy
                && (q.Sources.Contains(source.Name) || q.Sink?.Name == source.Name))
            .ToList();
        if (users.Count > 0)
        {
            throw new SqlException(
                SqlErrors.InUse,
                statement.Span,
                $"{source.Name} is used by {string.Join(", ", users.Select(u => u.Id))}.",
                $"TERMINATE {users[0].Id}");
        }

        if ((source.CreatedBy ?? source.MaterializedBy) is { } creator && _queries.ContainsKey(creator))
        {
            await StopAsync(creator).ConfigureAwait(false);
        }

        Catalog.Remove(source.Name);
        if (statement.DeleteTopic && !_isReplaying)
        {
            await runtime.DeleteTopicAsync(source.Topic, cancellationToken).ConfigureAwait(false);
        }

        return call.Done($"{source.Name} dropped.");
    }

    private SqlException Unknown(DropSource statement) => new(
        SqlErrors.UnknownSource,
        statement.Span,
        $"There is no stream or table {statement.Name}.",
        NearestName.Hint(statement.Name, Catalog.Sources.Select(s => s.Name)));
}
