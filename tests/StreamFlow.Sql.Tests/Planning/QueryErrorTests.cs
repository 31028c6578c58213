using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Tests.Execution;

namespace StreamFlow.Sql.Tests.Planning;

/// <summary>Errors of queries name what is wrong, not what follows from it.</summary>
public sealed class QueryErrorTests
{
    [Fact]
    public async Task A_misspelt_aggregate_is_an_unknown_function_and_not_a_missing_aggregate()
    {
        await using var engine = new SqlEngine(new NothingRunsRuntime());
        var error = await Assert.ThrowsAsync<SqlException>(async () =>
        {
            const string script = """
                CREATE STREAM s (id INT KEY, n INT) WITH (kafka_topic = 's', value_format = 'JSON');
                SELECT id, CONT(*) FROM s GROUP BY id EMIT CHANGES;
                """;
            await foreach (var _ in engine.ExecuteAsync(script, new SqlSession()))
            {
                // The second statement fails.
            }
        });
        Assert.Equal("2:12: SQL0105: There is no function CONT. (did you mean COUNT?)", error.Message);
    }
}
