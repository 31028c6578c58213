using System.Text;
using StreamFlow.Client.Producing;
using StreamFlow.Embedded;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Tests.Execution;

/// <summary>What the next engine on the same command log finds.</summary>
public sealed class CommandLogTests
{
    private const string Definitions = """
        CREATE TYPE ADDRESS AS STRUCT<CITY STRING>;
        CREATE STREAM S (K STRING KEY, V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=2);
        CREATE TABLE T AS SELECT K, SUM(V) AS TOTAL FROM S GROUP BY K;
        INSERT INTO S VALUES ('a', 1);
        """;

    [Fact]
    public async Task The_next_engine_has_streams_tables_types_and_running_queries_back()
    {
        await using var cluster = await Cluster.OpenAsync("memory:");
        await using (var first = await SqlFixture.CreateAsync(cluster))
        {
            await first.RunAsync(Definitions);
            await first.EventuallyAsync("SELECT * FROM T;", "a, 1");
        }

        await using var second = await SqlFixture.CreateAsync(cluster);
        await second.Engine.RestoreAsync();
        Assert.Null(second.Engine.Damage);
        Assert.Equal(["S", "T"], second.Engine.Catalog.Sources.Select(s => s.Name));
        Assert.Contains("ADDRESS", second.Engine.Catalog.Types.Keys);
        Assert.Equal("CTAS_T_0", Assert.Single(second.Engine.Queries).Id);
        Assert.Equal(["a, 1"], await second.RowsAsync("SELECT * FROM T;"));
        await second.RunAsync("INSERT INTO S VALUES ('a', 2); CREATE STREAM COPY AS SELECT * FROM S;");
        Assert.Equal(["a, 3"], await second.RowsAsync("SELECT * FROM T;"));
        Assert.Equal(["CTAS_T_0", "CSAS_COPY_1"], second.Engine.Queries.Select(q => q.Id));
    }

    [Fact]
    public async Task Dropped_terminated_altered_replaced_and_paused_stay_so()
    {
        await using var cluster = await Cluster.OpenAsync("memory:");
        await using (var first = await SqlFixture.CreateAsync(cluster))
        {
            await first.RunAsync(Definitions);
            await first.RunAsync("""
                CREATE STREAM GONE AS SELECT K, V FROM S;
                CREATE STREAM HALTED AS SELECT K, V FROM S;
                CREATE STREAM HELD AS SELECT K, V FROM S WHERE V > 1;
                CREATE OR REPLACE STREAM HELD AS SELECT K, V FROM S WHERE V > 2;
                ALTER STREAM S ADD COLUMN W BIGINT;
                DROP STREAM GONE DELETE TOPIC;
                TERMINATE CSAS_HALTED_2;
                PAUSE CSAS_HELD_3;
                DROP TYPE ADDRESS;
                """);
        }

        await using var second = await SqlFixture.CreateAsync(cluster);
        await second.Engine.RestoreAsync();
        Assert.Null(second.Engine.Damage);
        Assert.Equal(["HALTED", "HELD", "S", "T"], second.Engine.Catalog.Sources.Select(s => s.Name));
        Assert.NotNull(second.Engine.Catalog.Find("S")!.Find("W"));
        Assert.Empty(second.Engine.Catalog.Types);
        Assert.Equal(["CTAS_T_0", "CSAS_HELD_3"], second.Engine.Queries.Select(q => q.Id));
        var held = second.Engine.Queries[1];
        Assert.True(held.IsPaused);
        Assert.Contains("V > 2", held.Sql);
        Assert.DoesNotContain(await second.ListAsync("SHOW TOPICS;"), t => t.StartsWith("GONE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Variables_and_properties_count_as_they_were()
    {
        await using var cluster = await Cluster.OpenAsync("memory:");
        await using (var first = await SqlFixture.CreateAsync(cluster))
        {
            await first.RunAsync(Definitions);
            await first.RunAsync("""
                DEFINE least = '5';
                SET 'ksql.persistence.default.format.value' = 'DELIMITED';
                CREATE STREAM BIG AS SELECT * FROM S WHERE V > ${least};
                CREATE STREAM OTHER (K STRING KEY, V INT) WITH (KAFKA_TOPIC='other', PARTITIONS=1);
                """);
        }

        await using var second = await SqlFixture.CreateAsync(cluster);
        await second.Engine.RestoreAsync();
        Assert.Null(second.Engine.Damage);
        Assert.Contains("V > 5", second.Engine.Queries[1].Sql);
        Assert.Equal("DELIMITED", second.Engine.Catalog.Find("OTHER")!.ValueFormat.Name);
    }

    [Fact]
    public async Task Engines_that_run_side_by_side_see_each_others_statements()
    {
        await using var cluster = await Cluster.OpenAsync("memory:");
        await using var first = await SqlFixture.CreateAsync(cluster);
        await using var second = await SqlFixture.CreateAsync(cluster);
        await first.RunAsync("CREATE STREAM A (V INT) WITH (KAFKA_TOPIC='a', VALUE_FORMAT='JSON', PARTITIONS=1);");
        await second.RunAsync("CREATE STREAM B AS SELECT * FROM A;");
        await first.RunAsync("CREATE STREAM C AS SELECT * FROM B;");
        Assert.Equal(["CSAS_B_0", "CSAS_C_1"], first.Engine.Queries.Select(q => q.Id));
        await second.RunAsync("TERMINATE ALL;");
        Assert.Empty(await first.ListAsync("SHOW QUERIES;"));
    }

    [Theory]
    [InlineData("no json at all")]
    [InlineData("{\"version\":2}")]
    [InlineData("{\"version\":1,\"engine\":\"x\",\"queryNumber\":0,\"properties\":{},\"statement\":\"CREATE NONSENSE\"}")]
    public async Task A_damaged_command_is_named_and_the_catalog_stays_as_it_was_before_it(string damage)
    {
        await using var cluster = await Cluster.OpenAsync("memory:");
        await using (var first = await SqlFixture.CreateAsync(cluster))
        {
            await first.RunAsync(Definitions);
        }

        await using (var producer = cluster.CreateProducer(new ProducerOptions()))
        {
            await producer.SendAsync(new ProducerRecord("_sql-commands", null, Encoding.UTF8.GetBytes(damage)));
        }

        await using var second = await SqlFixture.CreateAsync(cluster);
        await second.Engine.RestoreAsync();
        Assert.Contains("command 3 of the topic _sql-commands", second.Engine.Damage);
        Assert.Equal(["a, 1"], await second.RowsAsync("SELECT * FROM T;"));
        var error = await Assert.ThrowsAsync<SqlException>(() => second.RunAsync("DROP TABLE T;"));
        Assert.Equal(SqlErrors.DamagedLog, error.Diagnostics[0].Code);
    }

    [Fact]
    public async Task A_query_that_cannot_start_shows_its_error_and_the_others_run()
    {
        await using var cluster = await Cluster.OpenAsync("memory:");
        await using (var first = await SqlFixture.CreateAsync(cluster))
        {
            await first.RunAsync(Definitions);
            await first.RunAsync("""
                CREATE STREAM LOST (V INT) WITH (KAFKA_TOPIC='lost', VALUE_FORMAT='JSON', PARTITIONS=1);
                CREATE STREAM FOUND AS SELECT * FROM LOST;
                """);
        }

        await cluster.Admin.DeleteTopicsAsync(["lost"]);
        await using var second = await SqlFixture.CreateAsync(cluster);
        await second.Engine.RestoreAsync();
        Assert.Null(second.Engine.Damage);
        Assert.Contains("ERROR", Assert.Single(await second.ListAsync("SHOW QUERIES;"), q => q.StartsWith("CSAS_FOUND", StringComparison.Ordinal)));
        Assert.Equal(["a, 1"], await second.RowsAsync("SELECT * FROM T;"));
    }
}
