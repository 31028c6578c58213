using System.Globalization;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Sql.Execution;

namespace StreamFlow.Sql.Tests.Execution;

/// <summary>SELECT ... EMIT CHANGES.</summary>
public sealed class PushQueryTests
{
    private const string Definition =
        "CREATE STREAM S (K STRING KEY, V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1, RETENTION_MS=-1);";

    [Fact]
    public async Task A_limit_ends_the_query_and_nothing_of_it_stays()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definition);
        await sql.RunAsync("INSERT INTO S VALUES ('a', 1); INSERT INTO S VALUES ('b', 2); INSERT INTO S VALUES ('a', 3);");
        Assert.Equal(
            ["a, 1", "b, 1", "a, 2"], await sql.UnsortedRowsAsync("SELECT K, COUNT(*) FROM S GROUP BY K EMIT CHANGES LIMIT 3;"));
        Assert.Empty(await sql.ListAsync("SHOW QUERIES;"));
        var topics = await sql.Cluster.Admin.ListTopicsAsync(includeInternal: true);
        Assert.DoesNotContain(topics, t => t.Contains("transient", StringComparison.Ordinal));
        var groups = await sql.Cluster.Admin.ListGroupsAsync();
        Assert.DoesNotContain(groups, g => g.GroupId.Contains("transient", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slow_reader_loses_nothing()
    {
        const int count = 60_000;
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definition);
        await WriteAsync(sql, count);
        await foreach (var result in sql.Engine.ExecuteAsync("SELECT V FROM S EMIT CHANGES;", sql.Session))
        {
            var next = 0;
            await foreach (var row in Assert.IsType<SqlRows>(result).Rows)
            {
                Assert.Equal(next++, row.Values[0]);
                if (next % 5000 == 0)
                {
                    // Others work meanwhile: the query runs ahead as far as it may.
                    await sql.ListAsync("SHOW STREAMS;");
                    await sql.RowsAsync("SELECT K FROM S LIMIT 1;");
                }

                if (next == count)
                {
                    break;
                }
            }

            Assert.Equal(count, next);
        }
    }

    [Fact]
    public async Task Terminate_ends_the_rows()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync(Definition);
        await foreach (var result in sql.Engine.ExecuteAsync("SELECT V FROM S EMIT CHANGES;", sql.Session))
        {
            var rows = Assert.IsType<SqlRows>(result);
            await sql.RunAsync($"TERMINATE {rows.QueryId};");
            await foreach (var row in rows.Rows)
            {
                Assert.Fail($"unexpected row {row}");
            }
        }
    }

    private static async Task WriteAsync(SqlFixture sql, int count)
    {
        await using var producer = sql.Cluster.CreateProducer(new ProducerOptions());
        for (var i = 0; i < count; i++)
        {
            var value = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"V\":{i}}}"));
            while (!producer.TryAppend("s", 0, i, false, default, true, value, Headers.Empty))
            {
                await producer.WaitForSpaceAsync();
            }
        }

        await producer.FlushAsync();
    }
}
