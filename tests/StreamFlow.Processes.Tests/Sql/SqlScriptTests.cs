using System.Runtime.CompilerServices;
using StreamFlow.Processes.Tests.Workers;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Sql;

/// <summary>
/// <c>streamflow sql</c> as users start it: one script with everything a first session does (<c>everything.sql</c>) gives the same output
/// (<c>everything.expected.txt</c>) on every kind of cluster.
/// </summary>
public sealed class SqlScriptTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-sql-script-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Trait("Category", "E2E")]
    public Task On_a_cluster_in_memory() => RunEverythingAsync("memory:");

    [Fact]
    [Trait("Category", "E2E")]
    public async Task On_an_embedded_cluster_which_has_its_queries_back_at_the_next_start()
    {
        var cluster = "embedded:" + Path.Combine(_root, "data");
        await RunEverythingAsync(cluster);
        await using var again = await SqlAsync(cluster, "-e", """
            INSERT INTO ORDERS (ROWTIME, ID, CUSTOMER, AMOUNT) VALUES (64000, 'o5', 'c1', 4.25);
            SELECT * FROM PER_CUSTOMER WHERE CUSTOMER = 'c1';
            DROP TABLE PER_MINUTE;
            """);
        Assert.Equal(("c1\t3\t20.0", 0), (again.Output, again.ExitCode));
        await using var last = await SqlAsync(cluster, "--output", "json", "-e", "SHOW TABLES; SELECT CUSTOMER, TOTAL FROM PER_CUSTOMER LIMIT 1;");
        Assert.DoesNotContain("PER_MINUTE\"", last.Output);
        Assert.Contains("\"Name\":\"PER_TWO_MINUTES\"", last.Output);
        Assert.Matches("\"TOTAL\":[0-9.]+}", last.Output);
    }

    [Fact]
    [Trait("Category", "E2E")]
    public async Task On_our_broker()
    {
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));
        await RunEverythingAsync(broker.Address);
        await broker.Process.StopAsync();
    }

    [FactOnKafka]
    [Trait("Category", "Integration")]
    public async Task On_Kafka()
    {
        await using var kafka = await KafkaNode.StartAsync("group.initial.rebalance.delay.ms=0");
        await RunEverythingAsync(kafka.Address);
    }

    [Fact]
    [Trait("Category", "E2E")]
    public async Task Wrong_statements_end_with_1_and_their_place()
    {
        await using var syntax = await SqlAsync("memory:", "-e", "SHOW STREAMS;\nSELECT * FORM T;");
        Assert.Equal(1, syntax.ExitCode);
        Assert.Contains("2:10:", syntax.Errors);
        await using var column = await SqlAsync(
            "memory:", "-e", "CREATE STREAM S (AMOUNT INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1); SELECT AMUONT FROM S;");
        Assert.Equal(1, column.ExitCode);
        Assert.Contains("did you mean AMOUNT?", column.Errors);
        Assert.Matches("1:[0-9]+: SQL0102", column.Errors);
    }

    [Fact]
    [Trait("Category", "E2E")]
    public async Task Explain_shows_operators_and_code_and_the_repl_goes_on_after_errors()
    {
        var input = """
            CREATE STREAM S (K STRING KEY, V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);
            SELECT W FROM S;
            EXPLAIN SELECT K, V FROM S
              WHERE V > 1 EMIT CHANGES;
            EXPLAIN CODE CREATE TABLE T AS SELECT K, COUNT(*) FROM S GROUP BY K;
            \dx
            \d S
            """;
        await using var repl = await ChildProcess.RunAsync(
            "dotnet", [Places.Program, "sql", "-c", "memory:", "--state", Path.Combine(_root, "state")], input);
        Assert.Equal(0, repl.ExitCode);
        Assert.Contains("  SELECT W FROM S;\n         ^", repl.Errors);
        Assert.Contains("did you mean", repl.Errors);
        Assert.Contains("Source: ", repl.Output);
        Assert.Contains("builder.Stream(\"s\"", repl.Output);
        Assert.Contains("S\tV\tINTEGER", repl.Output);
    }

    [Fact]
    [Trait("Category", "E2E")]
    public async Task Ctrl_c_stops_the_query_and_not_the_repl()
    {
        await using var repl = ChildProcess.StreamFlow("sql", "-c", "memory:", "--state", Path.Combine(_root, "state"));
        await repl.WriteLineAsync("SET 'auto.offset.reset' = 'earliest';");
        await repl.WriteLineAsync("CREATE STREAM S (V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);");
        await repl.WriteLineAsync("INSERT INTO S VALUES (42); SELECT V FROM S EMIT CHANGES;");
        await repl.WaitForAsync("42");
        await repl.SignalAsync("INT");
        await repl.WriteLineAsync("SELECT V + 1 AS W FROM S;");
        await repl.WaitForAsync("43");
        await repl.CloseInputAsync();
        Assert.Equal(0, await repl.WaitAsync());
        Assert.Contains("stopped", repl.Errors);
    }

    private static string Here(string file, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, file);

    private async Task RunEverythingAsync(string cluster)
    {
        await using var run = await SqlAsync(cluster, "-f", Here("everything.sql"));
        Assert.True(run.ExitCode == 0, $"{run.ExitCode}\n{run.Output}\n{run.Errors}");
        Assert.Equal(await File.ReadAllTextAsync(Here("everything.expected.txt")), run.Output + "\n");
    }

    // Each of a dozen queries is compiled and started: that takes its time where others work, too.
    private async Task<ChildProcess> SqlAsync(string cluster, params string[] arguments)
    {
        var process = ChildProcess.StreamFlow(["sql", "-c", cluster, "--state", Path.Combine(_root, "state"), .. arguments]);
        await process.CloseInputAsync();
        await process.WaitAsync(TimeSpan.FromMinutes(8));
        return process;
    }
}
