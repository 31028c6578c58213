using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Tests.Execution;

/// <summary>Queries that run until they are terminated.</summary>
public sealed class PersistentQueryTests
{
    private const string Definitions = """
        CREATE STREAM S (K STRING KEY, V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=2);
        CREATE TABLE T AS SELECT K, COUNT(*) AS C FROM S GROUP BY K;
        """;

    [Fact]
    public async Task A_paused_query_takes_nothing_until_it_is_resumed()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definitions);
        await sql.RunAsync("INSERT INTO S VALUES ('a', 1);");
        await sql.EventuallyAsync("SELECT * FROM T;", "a, 1");
        await sql.RunAsync("PAUSE CTAS_T_0;");
        Assert.Contains("PAUSED", Assert.Single(await sql.ListAsync("SHOW QUERIES;")));
        await sql.RunAsync("INSERT INTO S VALUES ('a', 1);");
        await sql.RunAsync("CREATE TABLE U AS SELECT K, COUNT(*) AS C FROM S GROUP BY K;");
        await sql.EventuallyAsync("SELECT * FROM U;", "a, 2");
        Assert.Equal(["a, 1"], await sql.RowsAsync("SELECT * FROM T;"));
        await sql.RunAsync("RESUME ALL;");
        await sql.EventuallyAsync("SELECT * FROM T;", "a, 2");
    }

    [Fact]
    public async Task A_terminated_query_leaves_its_table_which_cannot_be_pulled()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definitions);
        await sql.EventuallyAsync("SELECT * FROM T;");
        await sql.RunAsync("TERMINATE CTAS_T_0;");
        Assert.Empty(sql.Engine.Queries);
        var topics = await sql.Cluster.Admin.ListTopicsAsync(includeInternal: true);
        Assert.DoesNotContain(topics, t => t.Contains("changelog", StringComparison.Ordinal));
        Assert.DoesNotContain(await sql.Cluster.Admin.ListGroupsAsync(), g => g.GroupId.Contains("CTAS", StringComparison.Ordinal));
        Assert.NotNull(sql.Engine.Catalog.Find("T"));
        var error = await Assert.ThrowsAsync<SqlException>(() => sql.RowsAsync("SELECT * FROM T;"));
        Assert.Contains("terminated", error.Message);
    }

    [Fact]
    public async Task A_misspelt_query_is_answered_with_the_nearest()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definitions);
        var error = await Assert.ThrowsAsync<SqlException>(() => sql.RunAsync("TERMINATE CTAS_T_1;"));
        Assert.Contains("did you mean CTAS_T_0?", error.Message);
    }

    [Fact]
    public async Task A_running_query_is_explained_with_its_plan_like_its_statement()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definitions);
        const string statement = "CREATE TABLE U AS SELECT K, COUNT(*) AS C FROM S GROUP BY K;";
        var plan = Plan(await sql.ReportAsync("EXPLAIN " + statement));
        await sql.RunAsync(statement);
        var id = Assert.Single(sql.Engine.Queries, q => q.Sink?.Name == "U").Id;
        Assert.Equal(plan, Plan(await sql.ReportAsync($"EXPLAIN {id};")));
        Assert.Contains("READ S", plan);
    }

    [Fact]
    public async Task A_cache_makes_tables_tell_only_the_last_change_of_a_commit()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definitions);
        const string code = "EXPLAIN CODE CREATE TABLE U AS SELECT K, COUNT(*) AS C FROM S GROUP BY K;";
        Assert.DoesNotContain("WithCoalescedUpdates", await sql.ReportAsync(code));
        await sql.RunAsync("SET 'ksql.streams.cache.max.bytes.buffering' = '10000000';");
        Assert.Contains("WithCoalescedUpdates", await sql.ReportAsync(code));
        await sql.RunAsync("SET 'ksql.streams.cache.max.bytes.buffering' = 'much';");
        var error = await Assert.ThrowsAsync<SqlException>(() => sql.ReportAsync(code));
        Assert.Contains("'much', not a number of bytes", error.Message);
    }

    private static string Plan(string report) => report[(report.LastIndexOf("\n\n", report.TrimEnd().Length - 1, StringComparison.Ordinal) + 2)..];
}
