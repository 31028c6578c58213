using System.Runtime.CompilerServices;
using StreamFlow.Sql.Execution;

namespace StreamFlow.Sql.Testing.Running;

/// <summary>The world of one case: topics in memory, and queries that are only collected.</summary>
internal sealed class TestRuntime : ISqlRuntime
{
    private readonly SortedDictionary<string, TestTopic> _topics = new(StringComparer.Ordinal);
    private readonly List<TestQuery> _queries = [];
    private bool _intercepts;
    private SqlRecord? _intercepted;

    /// <summary>The queries that run, in order of creation.</summary>
    public IEnumerable<TestQuery> Queries => _queries.Where(q => !q.IsStopped);

    public TestTopic? Find(string name) => _topics.GetValueOrDefault(name);

    /// <summary>The topic, created when it is missing.</summary>
    public TestTopic Ensure(string name, int partitions)
    {
        if (!_topics.TryGetValue(name, out var topic))
        {
            _topics[name] = topic = new TestTopic(new SqlTopic(name, partitions, 1));
        }

        return topic;
    }

    /// <summary>Gives the topic, which must be empty, another number of partitions.</summary>
    public void Replace(string name, int partitions) => _topics[name] = new TestTopic(new SqlTopic(name, partitions, 1));

    public ValueTask<SqlTopic?> FindTopicAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_topics.GetValueOrDefault(name)?.Description);

    public ValueTask<IReadOnlyList<SqlTopic>> ListTopicsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SqlTopic>>([.. _topics.Values.Select(t => t.Description)]);

    public ValueTask CreateTopicAsync(SqlTopic topic, CancellationToken cancellationToken)
    {
        _topics.TryAdd(topic.Name, new TestTopic(topic));
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteTopicAsync(string name, CancellationToken cancellationToken)
    {
        _topics.Remove(name);
        return ValueTask.CompletedTask;
    }

    /// <summary>The record an action writes, which goes to no topic.</summary>
    public async Task<SqlRecord> InterceptAsync(Func<Task> write)
    {
        _intercepts = true;
        try
        {
            await write().ConfigureAwait(false);
            return _intercepted ?? throw new CaseFailedException("nothing was written");
        }
        finally
        {
            (_intercepts, _intercepted) = (false, null);
        }
    }

    public ValueTask ProduceAsync(string topic, SqlRecord record, CancellationToken cancellationToken)
    {
        if (_intercepts)
        {
            _intercepted = record;
            return ValueTask.CompletedTask;
        }

        Ensure(topic, 4).Records.Add(record);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<SqlRecord> ReadAsync(
        string topic, bool fromBeginning, bool untilEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var records = fromBeginning && Find(topic) is { } known ? known.Records.ToArray() : [];
        for (var i = 0; i < records.Length; i++)
        {
            yield return records[i] with { Partition = 0, Offset = i };
        }

        if (!untilEnd)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IRunningTopology> StartAsync(SqlTopology topology, CancellationToken cancellationToken)
    {
        var query = _queries.Find(q => q.Topology.QueryId == topology.QueryId);
        if (query is null)
        {
            _queries.Add(query = new TestQuery(topology));
        }
        else
        {
            query.Replace(topology);
        }

        return ValueTask.FromResult<IRunningTopology>(query);
    }
}
