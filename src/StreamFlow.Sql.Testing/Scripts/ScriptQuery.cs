using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Testing.Running;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Sql.Testing.Scripts;

/// <summary>A running query of a script: it reads each record of its source topics once, as they come.</summary>
internal sealed class ScriptQuery(SqlTopology query, TestRuntime runtime) : IDisposable
{
    private readonly Dictionary<string, int> _read = new(StringComparer.Ordinal);
    private readonly TopologyTestDriver _driver = new(
        query.Topology, new TestDriverOptions { ApplicationId = query.QueryId, Errors = QueryErrors.Handling });

    /// <summary>What runs.</summary>
    public SqlTopology Topology => query;

    /// <summary>Processes what is new; false when nothing was.</summary>
    public bool Step()
    {
        var stepped = false;
        var sink = query.SinkTopic is { } name ? _driver.CreateOutputTopic<byte[], byte[]>(name) : null;
        foreach (var topic in query.SourceTopics)
        {
            var records = runtime.Find(topic)?.Records ?? [];
            for (var next = _read.GetValueOrDefault(topic); next < records.Count; _read[topic] = ++next)
            {
                var record = records[next];
                _driver.PipeBytes(topic, new TopicRecord(record.Key, record.Value, record.Timestamp, record.Headers));
                while (sink is { Count: > 0 })
                {
                    var output = sink.ReadRecord();
                    runtime.Ensure(query.SinkTopic!, 1).Records.Add(
                        new SqlRecord(output.Key, output.Value, output.Timestamp, output.Headers));
                }

                stepped = true;
            }
        }

        return stepped;
    }

    public void Dispose() => _driver.Dispose();
}
