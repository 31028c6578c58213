using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution;

namespace StreamFlow.Sql.Tests.Execution;

/// <summary>CREATE OR REPLACE: what the new query may change, since it goes on with state, positions and topic of the old one.</summary>
public sealed class CreateOrReplaceTests
{
    private const string Sources = """
        CREATE STREAM S (K STRING KEY, A INT, B STRING) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=2);
        CREATE STREAM R (K STRING KEY, C INT) WITH (KAFKA_TOPIC='r', VALUE_FORMAT='JSON', PARTITIONS=2);
        CREATE TABLE T (K STRING PRIMARY KEY, D INT, E INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=2);
        """;

    [Theory]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O AS SELECT K, A FROM S WHERE A > 1;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S WHERE A > 1;", "CREATE OR REPLACE STREAM O AS SELECT K, A FROM S WHERE B = 'x';")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O AS SELECT K, A, UCASE(B) AS U FROM S;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O AS SELECT K, A + 1 AS A FROM S;")]
    [InlineData(
        "CREATE TABLE O AS SELECT K, COUNT(A) AS N FROM S WHERE A > 1 GROUP BY K;",
        "CREATE OR REPLACE TABLE O AS SELECT K, COUNT(A) AS N FROM S WHERE A > 2 GROUP BY K HAVING COUNT(A) > 3;")]
    [InlineData(
        "CREATE STREAM O (K STRING KEY, A INT) WITH (KAFKA_TOPIC='o', VALUE_FORMAT='JSON', PARTITIONS=1);",
        "CREATE OR REPLACE STREAM O (K STRING KEY, A INT, B INT) WITH (KAFKA_TOPIC='o', VALUE_FORMAT='JSON', PARTITIONS=4);")]
    public async Task It_takes_another_filter_and_columns_at_the_end(string before, string after)
    {
        var runtime = new NothingRunsRuntime();
        await using var engine = await EngineAsync(runtime, before.Replace("PARTITIONS=1", "PARTITIONS=4", StringComparison.Ordinal));
        var queries = engine.Queries.Count;
        await RunAsync(engine, after);
        Assert.Equal(queries, engine.Queries.Count);
    }

    [Theory]
    [InlineData("CREATE STREAM O AS SELECT K, A, B FROM S;", "CREATE OR REPLACE STREAM O AS SELECT K, A FROM S;")]
    [InlineData("CREATE STREAM O AS SELECT K, A, B FROM S;", "CREATE OR REPLACE STREAM O AS SELECT K, B, A FROM S;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O AS SELECT K, CAST(A AS BIGINT) AS A FROM S;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O AS SELECT A, K FROM S PARTITION BY A;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O WITH (KAFKA_TOPIC='p') AS SELECT K, A FROM S;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O WITH (VALUE_FORMAT='DELIMITED') AS SELECT K, A FROM S;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O WITH (TIMESTAMP='T') AS SELECT K, A, CAST(A AS BIGINT) AS T FROM S;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O AS SELECT K, C AS A FROM R;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O AS SELECT K, EXPLODE(ARRAY[A]) AS A FROM S;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE STREAM O AS SELECT S.K, A FROM S JOIN T ON S.K = T.K;")]
    [InlineData("CREATE STREAM O AS SELECT K, A FROM S;", "CREATE OR REPLACE TABLE O AS SELECT K, SUM(A) AS A FROM S GROUP BY K;")]
    [InlineData(
        "CREATE TABLE O AS SELECT K, COUNT(A) AS N FROM S GROUP BY K;", "CREATE OR REPLACE TABLE O AS SELECT K, COUNT(B) AS N FROM S GROUP BY K;")]
    [InlineData(
        "CREATE TABLE O AS SELECT K, COUNT(A) AS N FROM S GROUP BY K;",
        "CREATE OR REPLACE TABLE O AS SELECT K, COUNT(A) AS N, SUM(A) AS M FROM S GROUP BY K;")]
    [InlineData(
        "CREATE TABLE O AS SELECT K, COUNT(A) AS N FROM S GROUP BY K;",
        "CREATE OR REPLACE TABLE O AS SELECT K, COUNT(A) AS N FROM S WHERE B = 'x' GROUP BY K;")]
    [InlineData(
        "CREATE TABLE O AS SELECT K, COUNT(A) AS N FROM S WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY K;",
        "CREATE OR REPLACE TABLE O AS SELECT K, COUNT(A) AS N FROM S WINDOW TUMBLING (SIZE 1 HOUR, GRACE PERIOD 1 HOUR) GROUP BY K;")]
    [InlineData(
        "CREATE STREAM O AS SELECT S.K, A, C FROM S JOIN R WITHIN 1 HOUR ON S.K = R.K;",
        "CREATE OR REPLACE STREAM O AS SELECT S.K, A, C FROM S JOIN R WITHIN 2 HOURS ON S.K = R.K;")]
    [InlineData(
        "CREATE STREAM O AS SELECT S.K, A, D FROM S JOIN T ON S.K = T.K;",
        "CREATE OR REPLACE STREAM O AS SELECT S.K, A, D FROM S LEFT JOIN T ON S.K = T.K;")]
    [InlineData("CREATE TABLE O AS SELECT K, D FROM T;", "CREATE OR REPLACE TABLE O AS SELECT K, D, E FROM T;")]
    [InlineData(
        "CREATE STREAM O AS SELECT K, A FROM S;",
        "CREATE OR REPLACE STREAM O (K STRING KEY, A INT) WITH (KAFKA_TOPIC='O', VALUE_FORMAT='JSON');")]
    [InlineData(
        "CREATE STREAM O (K STRING KEY, A INT) WITH (KAFKA_TOPIC='o', VALUE_FORMAT='JSON');",
        "CREATE OR REPLACE STREAM O (K STRING KEY, A BIGINT) WITH (KAFKA_TOPIC='o', VALUE_FORMAT='JSON');")]
    [InlineData(
        "CREATE STREAM O (K STRING KEY, A INT) WITH (KAFKA_TOPIC='o', VALUE_FORMAT='JSON');",
        "CREATE OR REPLACE STREAM O WITH (KAFKA_TOPIC='o') AS SELECT K, A FROM S;")]
    public async Task It_refuses_what_state_or_readers_depend_on(string before, string after)
    {
        var runtime = new NothingRunsRuntime();
        await using var engine = await EngineAsync(runtime, before);
        var started = runtime.Started.Count;
        var error = await Assert.ThrowsAsync<SqlException>(() => RunAsync(engine, after));
        Assert.Equal(SqlErrors.NotAllowed, Assert.Single(error.Diagnostics).Code);
        Assert.Equal(started, runtime.Started.Count);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var engine = await EngineAsync(new NothingRunsRuntime(), "CREATE STREAM O AS SELECT K, A FROM S;");
        var error = await Assert.ThrowsAsync<SqlException>(() => RunAsync(
            engine, "SET 'ksql.create.or.replace.enabled' = 'false'; CREATE OR REPLACE STREAM O AS SELECT K, A FROM S WHERE A > 1;"));
        Assert.Contains("switched off", error.Message);
    }

    private static async Task<SqlEngine> EngineAsync(NothingRunsRuntime runtime, string script)
    {
        var engine = new SqlEngine(runtime);
        await RunAsync(engine, Sources.Replace("PARTITIONS=2", "PARTITIONS=4", StringComparison.Ordinal) + script);
        return engine;
    }

    private static async Task RunAsync(SqlEngine engine, string script)
    {
        await foreach (var _ in engine.ExecuteAsync(script, new SqlSession()))
        {
            // What a statement says of itself is tested elsewhere.
        }
    }
}
