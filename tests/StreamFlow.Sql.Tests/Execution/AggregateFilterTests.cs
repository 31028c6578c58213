using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution;

namespace StreamFlow.Sql.Tests.Execution;

/// <summary><c>aggregate(...) FILTER (WHERE ...)</c>: the aggregate takes the rows of the group for which the condition is true.</summary>
public sealed class AggregateFilterTests
{
    private const string Definitions = """
        CREATE STREAM S (K STRING KEY, V INT, W STRING) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);
        """;

    [Fact]
    public async Task Each_aggregate_takes_the_rows_of_its_own_condition()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definitions + """
            CREATE TABLE T AS SELECT K, COUNT(*) AS N, COUNT(*) FILTER (WHERE V > 10) AS BIG, SUM(V) FILTER (WHERE W LIKE 'a%') AS A,
              MAX(V) FILTER (WHERE V < 0) AS BELOW, COUNT(*) FILTER (WHERE K = 'x') AS X, COUNT(*) FILTER (WHERE CAST(W AS INT) > 1) AS BAD
              FROM S GROUP BY K;
            """);
        await sql.RunAsync("INSERT INTO S VALUES ('x', 5, 'ab'); INSERT INTO S VALUES ('x', 50, 'b'); INSERT INTO S VALUES ('x', NULL, '7');");
        await sql.EventuallyAsync("SELECT * FROM T;", "x, 3, 1, 5, null, 3, 1");
    }

    [Fact]
    public async Task An_aggregate_over_a_table_takes_back_what_it_took()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync("""
            CREATE TABLE P (K STRING PRIMARY KEY, G INT, V INT) WITH (KAFKA_TOPIC='p', VALUE_FORMAT='JSON', PARTITIONS=1);
            CREATE TABLE T AS SELECT G, COUNT(*) FILTER (WHERE V > 10) AS BIG, SUM(V) FILTER (WHERE V > 10) AS TOTAL FROM P GROUP BY G;
            INSERT INTO P VALUES ('a', 1, 20);
            INSERT INTO P VALUES ('b', 1, 30);
            INSERT INTO P VALUES ('a', 1, 5);
            """);
        await sql.EventuallyAsync("SELECT * FROM T;", "1, 1, 30");
    }

    [Fact]
    public async Task Filter_stays_a_function_and_a_name()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync("""
            CREATE STREAM F (FILTER INT, A ARRAY<INT>) WITH (KAFKA_TOPIC='f', VALUE_FORMAT='JSON', PARTITIONS=1);
            INSERT INTO F VALUES (1, ARRAY[1, 2, 3]);
            """);
        Assert.Equal(["1, 2"], await sql.RowsAsync("SELECT FILTER, ARRAY_LENGTH(FILTER(A, x => x > 1)) AS N FROM F;"));
    }

    [Theory]
    [InlineData("SELECT K, UCASE(K) FILTER (WHERE V > 1) AS U, COUNT(*) AS N FROM S GROUP BY K", SqlErrors.MisplacedExpression)]
    [InlineData("SELECT K, COUNT(*) FILTER (WHERE V) AS N FROM S GROUP BY K", SqlErrors.TypeMismatch)]
    [InlineData("SELECT K, COUNT(*) FILTER (WHERE SUM(V) > 1) AS N FROM S GROUP BY K", SqlErrors.BadAggregation)]
    [InlineData("SELECT K, COUNT(*) FILTER (WHERE NOPE > 1) AS N FROM S GROUP BY K", SqlErrors.UnknownColumn)]
    public async Task A_filter_is_a_condition_on_rows_behind_an_aggregate(string query, string code)
    {
        await using var engine = new SqlEngine(new NothingRunsRuntime());
        var error = await Assert.ThrowsAsync<SqlException>(async () =>
        {
            await foreach (var _ in engine.ExecuteAsync(
                Definitions.Replace("PARTITIONS=1", "PARTITIONS=4", StringComparison.Ordinal) + $"CREATE TABLE T AS {query};", new SqlSession()))
            {
                // Only the error counts.
            }
        });
        Assert.Equal(code, error.Diagnostics[0].Code);
    }
}
