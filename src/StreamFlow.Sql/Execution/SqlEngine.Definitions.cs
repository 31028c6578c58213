using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Execution;

public sealed partial class SqlEngine
{
    private async ValueTask<SqlResult> CreateSourceAsync(StatementCall call, CreateSource statement, CancellationToken cancellationToken)
    {
        if (Existing(statement.Name, statement.OrReplace, statement.IfNotExists, statement.Span) is { } existing)
        {
            return call.Done(existing);
        }

        var registry = new RegistryColumns(_options.Registry, call.Property);
        var inferred = registry.Infer(statement);
        var source = inferred.Apply(new SourceFactory(Catalog, call.Property).Create(statement, inferred.Columns, call.Sql));
        var properties = new WithProperties(statement.Properties, statement.Span);
        var topic = await runtime.FindTopicAsync(source.Topic, cancellationToken).ConfigureAwait(false);
        if (topic is null)
        {
            var partitions = properties.Partitions() ?? throw new SqlException(
                SqlErrors.BadTopic, statement.Span, $"The topic {source.Topic} does not exist.", "create it, or give PARTITIONS");
            var created = new SqlTopic(source.Topic, partitions, properties.Replicas() ?? 0);
            await runtime.CreateTopicAsync(created, cancellationToken).ConfigureAwait(false);
        }
        else if (properties.Partitions() is { } given && given != topic.Partitions)
        {
            throw new SqlException(
                SqlErrors.BadTopic,
                properties.SpanOf("PARTITIONS"),
                $"The topic {topic.Name} has {topic.Partitions} partitions, not {given}.");
        }

        if (Catalog.Find(source.Name) is { } replaced)
        {
            CheckKind(replaced, statement.Kind, statement.Span);
        }

        registry.RegisterDeclared(source);
        Catalog.Put(source);
        return call.Done($"{(source.IsTable ? "Table" : "Stream")} {source.Name} created.");
    }

    private string? Existing(string name, bool orReplace, bool ifNotExists, SourceSpan span)
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

        return existing.IsSource
            ? throw new SqlException(SqlErrors.NotAllowed, span, $"{name} is read-only and cannot be replaced.")
            : null;
    }

    private async ValueTask<SqlResult> CreateAsAsync(StatementCall call, CreateAs statement, CancellationToken cancellationToken)
    {
        if (Existing(statement.Name, statement.OrReplace, statement.IfNotExists, statement.Span) is { } message)
        {
            return call.Done(message);
        }

        var replaced = Catalog.Find(statement.Name)?.CreatedBy;
        var prefix = statement.Kind == SourceKind.Stream ? "CSAS" : "CTAS";
        var id = replaced ?? $"{prefix}_{statement.Name}_{_nextQuery}";
        var plan = new SinkPlanner(call.Context).Plan(statement, id, call.Sql);
        await CheckPartitionsAsync(statement.Query, plan, cancellationToken).ConfigureAwait(false);
        await CreateSinkTopicAsync(statement, plan, cancellationToken).ConfigureAwait(false);
        new RegistryColumns(_options.Registry, call.Property).RegisterSink(plan.Sink!, statement.Span);
        await StartAsync(call, plan, cancellationToken).ConfigureAwait(false);
        Catalog.Put(plan.Sink!);
        return call.Done($"Query {id} writes {statement.Name}.", id);
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
            var created = new SqlTopic(name, partitions ?? left?.Partitions ?? 1, replicas ?? left?.Replicas ?? 0)
            {
                Config = new Dictionary<string, string> { ["cleanup.policy"] = plan.Sink.IsTable ? "compact" : "delete" },
            };
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
        await CheckPartitionsAsync(statement.Query, plan, cancellationToken).ConfigureAwait(false);
        await StartAsync(call, plan, cancellationToken).ConfigureAwait(false);
        return call.Done($"Query {id} writes {statement.Target}.", id);
    }

    private async ValueTask StartAsync(StatementCall call, QueryPlan plan, CancellationToken cancellationToken)
    {
        var generated = QueryWriter.Write(call.Context, plan);
        var topology = QueryCompiler.Build(generated, QueryContext(plan.QueryId));
        var fromBeginning = call.Property("auto.offset.reset") is "earliest";
        var start = new SqlTopology(
            plan.QueryId, topology, [.. plan.Sources.Select(s => s.Topic).Distinct()], plan.Sink!.Topic, fromBeginning, IsTransient: false);
        if (_queries.TryGetValue(plan.QueryId, out var old))
        {
            await old.Running.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _queryOrder.Add(plan.QueryId);
        }

        var running = await runtime.StartAsync(start, cancellationToken).ConfigureAwait(false);
        _queries[plan.QueryId] = new PersistentQuery(
            plan.QueryId, call.Sql, [.. plan.Sources.Select(s => s.Name)], plan.Sink, generated.Code, start, running);
        _nextQuery++;
    }

    private async ValueTask<SqlResult> DropSourceAsync(StatementCall call, DropSource statement, CancellationToken cancellationToken)
    {
        if (Catalog.Find(statement.Name) is not { } source)
        {
            return statement.IfExists ? call.Done($"There is no {statement.Name}.") : throw Unknown(statement);
        }

        CheckKind(source, statement.Kind, statement.Span);
        if (statement.DeleteTopic && source.IsSource)
        {
            throw new SqlException(SqlErrors.NotAllowed, statement.Span, $"{source.Name} is read-only; its topic stays.");
        }

        var users = _queries.Values
            .Where(q => q.Id != source.CreatedBy && (q.Sources.Contains(source.Name) || q.Sink.Name == source.Name))
            .ToList();
        if (users.Count > 0)
        {
            throw new SqlException(
                SqlErrors.InUse,
                statement.Span,
                $"{source.Name} is used by {string.Join(", ", users.Select(u => u.Id))}.",
                $"TERMINATE {users[0].Id}");
        }

        if (source.CreatedBy is { } creator && _queries.ContainsKey(creator))
        {
            await StopAsync(creator).ConfigureAwait(false);
        }

        Catalog.Remove(source.Name);
        if (statement.DeleteTopic)
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

    private async ValueTask StopAsync(string queryId)
    {
        await _queries[queryId].Running.DisposeAsync().ConfigureAwait(false);
        _queries.Remove(queryId);
        _queryOrder.Remove(queryId);
    }

    private async ValueTask<SqlResult> ControlQueryAsync(StatementCall call, ControlQuery statement, CancellationToken cancellationToken)
    {
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
                    await query.Running.PauseAsync(cancellationToken).ConfigureAwait(false);
                    _queries[id] = query with { IsPaused = true };
                    break;
                default:
                    await query.Running.ResumeAsync(cancellationToken).ConfigureAwait(false);
                    _queries[id] = query with { IsPaused = false };
                    break;
            }
        }

        return call.Done($"{statement.Command}: {string.Join(", ", ids)}.");
    }
}
