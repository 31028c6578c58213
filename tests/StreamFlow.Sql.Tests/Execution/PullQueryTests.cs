using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution;

namespace StreamFlow.Sql.Tests.Execution;

/// <summary>SELECT without EMIT: the current rows of tables and streams.</summary>
public sealed class PullQueryTests
{
    private const string Sales = """
        CREATE STREAM SALES (SHOP STRING KEY, ITEM STRING, N INT) WITH (KAFKA_TOPIC='sales', VALUE_FORMAT='JSON', PARTITIONS=3, RETENTION_MS=-1);
        INSERT INTO SALES (ROWTIME, SHOP, ITEM, N) VALUES (1000, 'a', 'pen', 1);
        INSERT INTO SALES (ROWTIME, SHOP, ITEM, N) VALUES (2000, 'b', 'pen', 2);
        INSERT INTO SALES (ROWTIME, SHOP, ITEM, N) VALUES (3000, 'a', 'ink', 3);
        INSERT INTO SALES (ROWTIME, SHOP, ITEM, N) VALUES (12000, 'a', 'pen', 4);
        INSERT INTO SALES (ROWTIME, SHOP, ITEM, N) VALUES (13000, 'c', 'pen', 5);
        """;

    [Fact]
    public async Task Tables_answer_by_key_list_range_and_scan()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Sales);
        await sql.RunAsync("CREATE TABLE T AS SELECT SHOP, SUM(N) AS TOTAL, COUNT(*) AS C FROM SALES GROUP BY SHOP;");
        await sql.EventuallyAsync("SELECT * FROM T;", "a, 8, 3", "b, 2, 1", "c, 5, 1");
        Assert.Equal(["a, 8, 3"], await sql.RowsAsync("SELECT * FROM T WHERE SHOP = 'a';"));
        Assert.Equal(["8"], await sql.RowsAsync("SELECT TOTAL FROM T WHERE 'a' = SHOP;"));
        Assert.Equal(["a, 8", "c, 5"], await sql.RowsAsync("SELECT SHOP, TOTAL FROM T WHERE SHOP IN ('a', 'c', 'nowhere');"));
        Assert.Equal(["b, 2, 1", "c, 5, 1"], await sql.RowsAsync("SELECT * FROM T WHERE SHOP > 'a';"));
        Assert.Equal(["a, 8, 3", "c, 5, 1"], await sql.RowsAsync("SELECT * FROM T WHERE TOTAL > 4;"));
        Assert.Equal(["a", "b"], await sql.RowsAsync("SELECT SHOP FROM T WHERE SHOP = 'a' OR SHOP = 'b';"));
        Assert.Empty(await sql.RowsAsync("SELECT * FROM T WHERE SHOP = 'a' AND TOTAL = 2;"));
        Assert.Equal(["A!, 16"], await sql.RowsAsync("SELECT UCASE(SHOP) + '!' AS S, TOTAL * 2 AS D FROM T WHERE SHOP = 'a';"));
        Assert.Equal(["12000"], await sql.RowsAsync("SELECT ROWTIME FROM T WHERE SHOP = 'a';"));
        Assert.Equal(2, (await sql.RowsAsync("SELECT * FROM T LIMIT 2;")).Count);
        Assert.Empty(await sql.RowsAsync("SELECT * FROM T LIMIT 0;"));
    }

    [Fact]
    public async Task Streams_made_by_queries_have_at_once_what_was_inserted_before()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync("""
            CREATE STREAM A (ID STRING KEY, X INT) WITH (KAFKA_TOPIC='a', VALUE_FORMAT='JSON', PARTITIONS=2);
            CREATE STREAM B (ID STRING KEY, Y INT) WITH (KAFKA_TOPIC='b', VALUE_FORMAT='JSON', PARTITIONS=2);
            SET 'auto.offset.reset' = 'latest';
            CREATE STREAM AB AS SELECT A.ID AS ID, A.X, B.Y FROM A JOIN B WITHIN 1 HOUR ON A.ID = B.ID;
            CREATE STREAM SUMS AS SELECT ID, X + Y AS Z FROM AB;
            INSERT INTO A VALUES ('k', 1);
            INSERT INTO B VALUES ('k', 2);
            """);
        Assert.Equal(["k, 3"], await sql.RowsAsync("SELECT * FROM SUMS;"));
        Assert.Equal(["k, 1, 2"], await sql.RowsAsync("SELECT * FROM AB;"));
        await sql.RunAsync("INSERT INTO B VALUES ('k', 5);");
        Assert.Equal(["k, 1, 2", "k, 1, 5"], await sql.RowsAsync("SELECT * FROM AB;"));
    }

    [Fact]
    public async Task Windowed_tables_answer_with_bounds()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Sales);
        await sql.RunAsync(
            "CREATE TABLE W AS SELECT SHOP, SUM(N) AS TOTAL FROM SALES WINDOW TUMBLING (SIZE 10 SECONDS) GROUP BY SHOP HAVING SUM(N) > 2;");
        await sql.EventuallyAsync("SELECT * FROM W;", "a, 0, 10000, 4", "a, 10000, 20000, 4", "c, 10000, 20000, 5");
        Assert.Equal(["a, 0, 10000, 4", "a, 10000, 20000, 4"], await sql.RowsAsync("SELECT * FROM W WHERE SHOP = 'a';"));
        Assert.Equal(["10000, 4"], await sql.RowsAsync("SELECT WINDOWSTART, TOTAL FROM W WHERE SHOP = 'a' AND WINDOWSTART = 10000;"));
        Assert.Equal(
            ["0, 4"], await sql.RowsAsync("SELECT WINDOWSTART, TOTAL FROM W WHERE SHOP = 'a' AND WINDOWSTART < '1970-01-01T00:00:10';"));
        Assert.Equal(["a, 4", "c, 5"], await sql.RowsAsync("SELECT SHOP, TOTAL FROM W WHERE WINDOWEND > 10000;"));
        await sql.RunAsync("CREATE TABLE S AS SELECT SHOP, COUNT(*) AS C FROM SALES WINDOW SESSION (5 SECONDS) GROUP BY SHOP;");
        await sql.EventuallyAsync("SELECT * FROM S WHERE SHOP = 'a';", "a, 1000, 3000, 2", "a, 12000, 12000, 1");
    }

    [Fact]
    public async Task Tables_of_joins_tables_and_several_keys_answer()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Sales);
        await sql.RunAsync("""
            CREATE TABLE SHOPS (ID STRING PRIMARY KEY, ADDRESS STRUCT<CITY STRING, ZIP INT>)
                WITH (KAFKA_TOPIC='shops', VALUE_FORMAT='JSON', PARTITIONS=3);
            INSERT INTO SHOPS VALUES ('a', STRUCT(CITY := 'Bern', ZIP := 3000));
            INSERT INTO SHOPS VALUES ('b', STRUCT(CITY := 'Genf', ZIP := 1200));
            CREATE TABLE COPY AS SELECT * FROM SHOPS WHERE ADDRESS->ZIP > 2000;
            CREATE TABLE PER_ITEM AS SELECT SHOP, ITEM, COUNT(*) AS C FROM SALES GROUP BY SHOP, ITEM;
            CREATE TABLE T AS SELECT SHOP, SUM(N) AS TOTAL FROM SALES GROUP BY SHOP;
            CREATE TABLE J AS SELECT T.SHOP, TOTAL, ADDRESS FROM T LEFT JOIN SHOPS ON T.SHOP = SHOPS.ID;
            CREATE SOURCE TABLE RAW (ID STRING PRIMARY KEY, ADDRESS STRUCT<CITY STRING, ZIP INT>)
                WITH (KAFKA_TOPIC='shops', VALUE_FORMAT='JSON');
            """);
        await sql.EventuallyAsync("SELECT ID, ADDRESS->CITY AS CITY FROM COPY;", "a, Bern");
        await sql.EventuallyAsync("SELECT * FROM PER_ITEM WHERE SHOP = 'a' AND ITEM = 'pen';", "a, pen, 2");
        await sql.EventuallyAsync("SELECT ITEM, C FROM PER_ITEM WHERE SHOP = 'a';", "ink, 1", "pen, 2");
        await sql.EventuallyAsync("SELECT SHOP, TOTAL, ADDRESS->ZIP AS ZIP FROM J;", "a, 8, 3000", "b, 2, 1200", "c, 5, null");
        await sql.EventuallyAsync("SELECT ID FROM RAW WHERE ADDRESS->CITY = 'Genf';", "b");
        await sql.RunAsync("DROP TABLE RAW;");
        Assert.DoesNotContain(sql.Engine.Queries, q => q.Id.StartsWith("CST_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Streams_answer_with_what_they_hold_now()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Sales);
        Assert.Equal(5, (await sql.RowsAsync("SELECT * FROM SALES;")).Count);
        Assert.Equal(["a, ink", "a, pen", "a, pen"], await sql.RowsAsync("SELECT SHOP, ITEM FROM SALES WHERE SHOP = 'a';"));
        Assert.Equal(["1000", "3000"], await sql.RowsAsync("SELECT ROWTIME FROM SALES WHERE ROWTIME < 10000 AND N <> 2;"));
        Assert.Equal(2, (await sql.RowsAsync("SELECT * FROM SALES LIMIT 2;")).Count);
    }

    [Fact]
    public async Task Key_columns_of_tables_are_marked()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Sales);
        await sql.RunAsync("CREATE TABLE W AS SELECT SHOP, COUNT(*) AS C FROM SALES WINDOW TUMBLING (SIZE 10 SECONDS) GROUP BY SHOP;");
        await foreach (var result in sql.Engine.ExecuteAsync("SELECT *, UCASE(SHOP) AS U FROM W;", sql.Session))
        {
            Assert.Equal(
                ["SHOP key", "WINDOWSTART key", "WINDOWEND key", "C", "U"],
                Assert.IsType<SqlRows>(result).Columns.Select(c => c.Name + (c.IsKey ? " key" : "")));
        }
    }

    [Theory]
    [InlineData("SELECT * FROM T JOIN SALES ON T.SHOP = SALES.SHOP;", "JOIN")]
    [InlineData("SELECT SHOP, COUNT(*) FROM SALES GROUP BY SHOP;", "GROUP BY")]
    [InlineData("SELECT * FROM SALES PARTITION BY ITEM;", "PARTITION BY")]
    [InlineData("SELECT * FROM SALES WINDOW TUMBLING (SIZE 1 SECOND);", "WINDOW")]
    [InlineData("SELECT *, ROWPARTITION FROM T;", "ROWPARTITION")]
    [InlineData("SELECT * FROM SALES WHERE ROWOFFSET = 1;", "ROWOFFSET")]
    [InlineData("SELECT * FROM T LIMIT -1;", "negative")]
    [InlineData("SELECT * FROM PLAIN;", "not materialized")]
    [InlineData("SELECT * FROM T WHERE SHOP = 1;", "STRING and INTEGER")]
    [InlineData("SELECT * FROM T WHERE SHOP = NULL;", "NULL")]
    public async Task What_cannot_be_pulled_is_refused_with_its_place(string query, string part)
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Sales);
        await sql.RunAsync("""
            CREATE TABLE T AS SELECT SHOP, COUNT(*) AS C FROM SALES GROUP BY SHOP;
            CREATE TABLE PLAIN (ID STRING PRIMARY KEY, V INT) WITH (KAFKA_TOPIC='plain', VALUE_FORMAT='JSON', PARTITIONS=1);
            """);
        var error = await Assert.ThrowsAsync<SqlException>(() => sql.RowsAsync(query));
        Assert.Contains(part, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.True(error.Diagnostics[0].Span.Line > 0, error.Message);
    }

    [Fact]
    public async Task Scans_can_be_switched_off()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Sales);
        await sql.RunAsync("CREATE TABLE T AS SELECT SHOP, COUNT(*) AS C FROM SALES GROUP BY SHOP;");
        await sql.EventuallyAsync("SELECT SHOP FROM T;", "a", "b", "c");
        await sql.RunAsync("SET 'ksql.query.pull.table.scan.enabled' = 'false';");
        await Assert.ThrowsAsync<SqlException>(() => sql.RowsAsync("SELECT * FROM T;"));
        await Assert.ThrowsAsync<SqlException>(() => sql.RowsAsync("SELECT * FROM T WHERE C = 3;"));
        Assert.Equal(["c"], await sql.RowsAsync("SELECT SHOP FROM T WHERE SHOP > 'b';"));
        await sql.RunAsync("SET 'ksql.query.pull.range.scan.enabled' = 'false';");
        await Assert.ThrowsAsync<SqlException>(() => sql.RowsAsync("SELECT SHOP FROM T WHERE SHOP > 'b';"));
        Assert.Equal(["b"], await sql.RowsAsync("SELECT SHOP FROM T WHERE SHOP = 'b';"));
    }
}
