using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Tests.Execution;
using StreamFlow.Testing.Snapshots;

namespace StreamFlow.Sql.Tests.Planning;

/// <summary>The plan and the C# of typical statements, as a person has reviewed them.</summary>
public sealed class StatementSnapshotTests
{
    private const string Sources = """
        CREATE STREAM flights (id INT KEY, airport STRING, delay INT, fare DECIMAL(8, 2), tags ARRAY<STRING>)
          WITH (kafka_topic = 'flights', value_format = 'JSON');
        CREATE STREAM landings (id INT KEY, runway STRING) WITH (kafka_topic = 'landings', value_format = 'JSON');
        CREATE TABLE airports (code STRING PRIMARY KEY, city STRING, country STRING) WITH (kafka_topic = 'airports', value_format = 'JSON');
        CREATE TABLE countries (code STRING PRIMARY KEY, name STRING) WITH (kafka_topic = 'countries', value_format = 'JSON');
        """;

    [Theory]
    [InlineData("filter", "CREATE STREAM late AS SELECT id, airport, delay FROM flights WHERE delay > 60;")]
    [InlineData(
        "expressions",
        "CREATE STREAM e AS SELECT id, UCASE(airport) AS a, CAST(delay AS DOUBLE) / 60 AS h, fare * 2 AS twice FROM flights;")]
    [InlineData("nested_failure", "CREATE STREAM f AS SELECT id, COALESCE(CAST(airport AS INT), 0) AS code FROM flights;")]
    [InlineData("partition_by", "CREATE STREAM by_airport AS SELECT airport, delay FROM flights PARTITION BY airport;")]
    [InlineData("explode", "CREATE STREAM tagged AS SELECT id, EXPLODE(tags) AS tag FROM flights;")]
    [InlineData(
        "count",
        "CREATE TABLE counts AS SELECT airport, COUNT(*) AS n, MAX(delay) AS worst FROM flights GROUP BY airport HAVING COUNT(*) > 1;")]
    [InlineData(
        "tumbling",
        "CREATE TABLE hourly AS SELECT airport, SUM(delay) AS total FROM flights WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY airport;")]
    [InlineData(
        "stream_stream_join",
        "CREATE STREAM landed AS SELECT f.id, f.delay, l.runway FROM flights f LEFT JOIN landings l WITHIN 2 HOURS ON f.id = l.id;")]
    [InlineData(
        "stream_table_join",
        "CREATE STREAM cities AS SELECT f.airport, f.delay, a.city FROM flights f JOIN airports a ON f.airport = a.code;")]
    [InlineData(
        "foreign_key_join",
        "CREATE TABLE named AS SELECT a.code, a.city, c.name FROM airports a LEFT JOIN countries c ON a.country = c.code;")]
    public async Task Statement_has_its_plan_and_code(string name, string statement)
    {
        await using var engine = new SqlEngine(new NothingRunsRuntime());
        var session = new SqlSession();
        await RunAsync(engine, session, Sources);
        var plan = await RunAsync(engine, session, "EXPLAIN " + statement);
        var code = await RunAsync(engine, session, "EXPLAIN CODE " + statement);

        Snapshot.VerifyIn($"{plan}\n{code}", "Snapshots", name);
    }

    private static async Task<string> RunAsync(SqlEngine engine, SqlSession session, string script)
    {
        var text = "";
        await foreach (var result in engine.ExecuteAsync(script, session))
        {
            text = result is SqlReport report ? report.Text : text;
        }

        return text;
    }
}
