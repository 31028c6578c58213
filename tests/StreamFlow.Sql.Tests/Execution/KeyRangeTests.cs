namespace StreamFlow.Sql.Tests.Execution;

/// <summary>Pull queries over a range of keys: a part of the store where bytes are in the order of the keys, all of it elsewhere.</summary>
public sealed class KeyRangeTests
{
    [Theory]
    [InlineData("K >= 'b'", "b", "c", "é")]
    [InlineData("K > 'b'", "c", "é")]
    [InlineData("K < 'b'", "", "a")]
    [InlineData("'b' >= K", "", "a", "b")]
    [InlineData("K BETWEEN 'a' AND 'b' AND N > 0", "a", "b")]
    [InlineData("K > 'a' AND K < 'c'", "b")]
    [InlineData("K > 'z' AND K < 'a'")]
    [InlineData("K >= 'a' AND K <= 'b' OR K = 'é'", "a", "b", "é")]
    public async Task Texts(string condition, params string[] keys)
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync("""
            CREATE STREAM S (K STRING KEY, V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=2);
            CREATE TABLE T AS SELECT K, COUNT(*) AS N FROM S GROUP BY K;
            INSERT INTO S VALUES ('a', 1); INSERT INTO S VALUES ('b', 1); INSERT INTO S VALUES ('c', 1);
            INSERT INTO S VALUES ('', 1); INSERT INTO S VALUES ('é', 1);
            """);
        await sql.EventuallyAsync($"SELECT K FROM T WHERE {condition};", keys);
    }

    [Theory]
    [InlineData("KAFKA", "K > 1", "2", "300")]
    [InlineData("KAFKA", "K >= 1 AND K < 300", "1", "2")]
    [InlineData("KAFKA", "K < 2", "-1", "-300", "0", "1")]
    [InlineData("KAFKA", "K > -2", "-1", "0", "1", "2", "300")]
    [InlineData("KAFKA", "K BETWEEN -1 AND 1", "-1", "0", "1")]
    [InlineData("KAFKA", "K >= 0 AND K <= 300", "0", "1", "2", "300")]
    [InlineData("JSON", "K >= 2", "2", "300")]
    [InlineData("DELIMITED", "K > 1 AND K < 300", "2")]
    public async Task Numbers(string format, string condition, params string[] keys)
    {
        await using var sql = await SqlFixture.CreateAsync();
        foreach (var type in (string[])["INT", "BIGINT"])
        {
            await sql.RunAsync($"""
                CREATE STREAM S{type} (K {type} KEY, V INT) WITH (KAFKA_TOPIC='s{type}', KEY_FORMAT='{format}', VALUE_FORMAT='JSON', PARTITIONS=1);
                CREATE TABLE T{type} AS SELECT K, COUNT(*) AS N FROM S{type} GROUP BY K;
                """);
            foreach (var key in (int[])[-300, -1, 0, 1, 2, 300])
            {
                await sql.RunAsync($"INSERT INTO S{type} VALUES ({key}, 1);");
            }

            await sql.EventuallyAsync($"SELECT K FROM T{type} WHERE {condition};", keys);
        }
    }
}
