using System.Globalization;
using StreamFlow.Client;
using StreamFlow.Embedded;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Execution.Commands;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Sql.Tests.Execution;

/// <summary>An engine on a cluster of its own in memory, or on one that outlives it.</summary>
internal sealed class SqlFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _state = Directory.CreateTempSubdirectory("streamflow-sql-").FullName;
    private readonly bool _ownsCluster;
    private readonly TopicCommandLog _commands;

    private SqlFixture(ICluster cluster, bool ownsCluster)
    {
        (Cluster, _ownsCluster) = (cluster, ownsCluster);
        var options = new StreamsOptions
        {
            ApplicationId = "sql-",
            StateDirectory = _state,
            CommitInterval = TimeSpan.FromMilliseconds(50),
            PollTimeout = TimeSpan.FromMilliseconds(20),
        };
        Runtime = new ClusterSqlRuntime(cluster, options);
        _commands = new TopicCommandLog(cluster, "_sql-commands");
        Engine = new SqlEngine(Runtime, new SqlEngineOptions
        {
            Properties = new Dictionary<string, string> { ["auto.offset.reset"] = "earliest" },
            Commands = _commands,
        });
    }

    public ICluster Cluster { get; }

    public ClusterSqlRuntime Runtime { get; }

    public SqlEngine Engine { get; }

    public SqlSession Session { get; } = new();

    public static async Task<SqlFixture> CreateAsync(ICluster? cluster = null) =>
        new(cluster ?? await StreamFlow.Embedded.Cluster.OpenAsync("memory:"), cluster is null);

    /// <summary>Runs statements that give no rows.</summary>
    public async Task RunAsync(string script)
    {
        await foreach (var result in Engine.ExecuteAsync(script, Session))
        {
            Assert.IsNotType<SqlRows>(result);
        }
    }

    /// <summary>The rows of a query that ends by itself, as text, sorted.</summary>
    public async Task<List<string>> RowsAsync(string query) => [.. (await UnsortedRowsAsync(query)).Order(StringComparer.Ordinal)];

    public async Task<List<string>> UnsortedRowsAsync(string query)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var rows = new List<string>();
        await foreach (var result in Engine.ExecuteAsync(query, Session, timeout.Token))
        {
            await foreach (var row in Assert.IsType<SqlRows>(result).Rows.WithCancellation(timeout.Token))
            {
                rows.Add(Text(row));
            }
        }

        return rows;
    }

    /// <summary>The cells of a listing.</summary>
    public async Task<List<string>> ListAsync(string statement)
    {
        await foreach (var result in Engine.ExecuteAsync(statement, Session))
        {
            return [.. Assert.IsType<SqlListing>(result).Rows.Select(r => string.Join('|', r))];
        }

        return [];
    }

    /// <summary>What a statement that explains says.</summary>
    public async Task<string> ReportAsync(string statement)
    {
        await foreach (var result in Engine.ExecuteAsync(statement, Session))
        {
            return Assert.IsType<SqlReport>(result).Text;
        }

        return "";
    }

    /// <summary>Asks again until the rows are these: queries take their time.</summary>
    public async Task EventuallyAsync(string query, params string[] rows)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var expected = rows.Order(StringComparer.Ordinal).ToList();
        var last = new List<string>();
        while (!timeout.IsCancellationRequested)
        {
            last = await RowsAsync(query);
            if (last.SequenceEqual(expected))
            {
                return;
            }

            await Task.Yield();
        }

        Assert.Equal(expected, last);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _commands.DisposeAsync();
        await Runtime.DisposeAsync();
        if (_ownsCluster)
        {
            await Cluster.DisposeAsync();
        }

        Directory.Delete(_state, recursive: true);
    }

    private static string Text(SqlRow row) => (row.IsTombstone ? "DELETED " : "") + string.Join(", ", row.Values.Select(v => v switch
    {
        null => "null",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => v.ToString(),
    }));
}
