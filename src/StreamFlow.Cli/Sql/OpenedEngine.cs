using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Execution.Commands;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Sql;

/// <summary>A cluster, a SQL engine on it, and the topic that keeps the engine's statements.</summary>
internal sealed class OpenedEngine : IAsyncDisposable
{
    private const string DefaultService = "default_";

    private readonly ICluster _cluster;
    private readonly TopicCommandLog? _commands;

    private OpenedEngine(ICluster cluster, ClusterSqlRuntime runtime, TopicCommandLog? commands, SqlEngine engine) =>
        (_cluster, Runtime, _commands, Engine) = (cluster, runtime, commands, engine);

    public SqlEngine Engine { get; }

    public ClusterSqlRuntime Runtime { get; }

    /// <summary>Opens an engine that keeps its statements on the cluster.</summary>
    public static async Task<OpenedEngine> OpenAsync(ParseResult parsed, string stateDirectory, CancellationToken cancellation)
    {
        var (sql, streams) = Split(GlobalOptions.PropertiesOf(parsed));
        var service = sql.GetValueOrDefault("ksql.service.id", DefaultService);
        // Topics with an underscore in front are not shown by SHOW TOPICS.
        var name = service == DefaultService ? "_streamflow-sql-" : $"_streamflow-sql-{service}-";
        var options = Options(streams, name) with { StateDirectory = Path.GetFullPath(stateDirectory) };
        var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        var commands = new TopicCommandLog(cluster, $"{name}commands");
        return Create(cluster, options, sql, commands);
    }

    /// <summary>Opens an engine whose statements come from a file each time.</summary>
    public static async Task<OpenedEngine> OpenForWorkerAsync(
        ParseResult parsed, string applicationId, int threads, string stateDirectory, CancellationToken cancellation)
    {
        var (sql, streams) = Split(GlobalOptions.PropertiesOf(parsed));
        var options = Options(streams, applicationId + "-") with { Threads = threads, StateDirectory = Path.GetFullPath(stateDirectory) };
        return Create(await OpenedCluster.OpenAsync(parsed, cancellation), options, sql, null);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        if (_commands is not null)
        {
            await _commands.DisposeAsync();
        }

        await Runtime.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private static OpenedEngine Create(
        ICluster cluster, StreamsOptions options, Dictionary<string, string> properties, TopicCommandLog? commands)
    {
        var runtime = new ClusterSqlRuntime(cluster, options);
        var engine = new SqlEngine(runtime, new SqlEngineOptions { Properties = properties, Commands = commands });
        return new OpenedEngine(cluster, runtime, commands, engine);
    }

    private static StreamsOptions Options(Dictionary<string, string> properties, string prefix)
    {
        // Results of SQL are looked at while they change: they are committed more often than a topology's.
        properties.TryAdd("commit.interval.ms", "200");
        return StreamsOptions.FromProperties(properties.Append(new("application.id", prefix)));
    }

    // What the engine reads by itself, and what topologies run with.
    private static (Dictionary<string, string> Sql, Dictionary<string, string> Streams) Split(
        IReadOnlyDictionary<string, string> properties)
    {
        const string prefix = "ksql.streams.";
        var (sql, streams) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        foreach (var (key, value) in properties)
        {
            var plain = key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..] : key;
            if (plain.StartsWith("ksql.", StringComparison.Ordinal) || plain == "auto.offset.reset")
            {
                sql[plain] = value;
            }
            else
            {
                streams[plain] = value;
            }
        }

        return (sql, streams);
    }
}
