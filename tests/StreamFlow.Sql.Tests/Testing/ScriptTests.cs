using StreamFlow.Sql.Testing;

namespace StreamFlow.Sql.Tests.Testing;

/// <summary>Readable tests: <c>.sql</c> files with assertions.</summary>
public sealed class ScriptTests
{
    private const string Doubled = """
        CREATE STREAM numbers (k STRING KEY, v INT) WITH (kafka_topic = 'numbers', value_format = 'JSON');
        CREATE STREAM doubled AS SELECT k, v * 2 AS v FROM numbers;
        INSERT INTO numbers (k, v) VALUES ('a', 3);

        """;

    [Theory]
    [InlineData("ASSERT VALUES doubled (k, v) VALUES ('a', 6);")]
    [InlineData("ASSERT VALUES doubled (v) VALUES (6);")]
    [InlineData("ASSERT STREAM doubled (k STRING KEY, v INT) WITH (value_format = 'JSON');")]
    [InlineData("ASSERT TOPIC DOUBLED WITH (PARTITIONS = 1);")]
    [InlineData("ASSERT NOT EXISTS TOPIC other TIMEOUT 0 SECONDS;")]
    public async Task Assertion_holds(string assertion) => Assert.Equal("", await RunAsync(Doubled + assertion));

    [Theory]
    [InlineData("ASSERT VALUES doubled (k, v) VALUES ('a', 7);", "DOUBLED[0] expected (K: \"a\", V: 7) actual")]
    [InlineData("ASSERT NULL VALUES doubled (k) KEY ('a');", "DOUBLED[0] expected (K: \"a\") deleted actual")]
    [InlineData(
        "ASSERT STREAM doubled (k STRING KEY, v BIGINT);", "columns expected K STRING KEY, V BIGINT actual K STRING KEY, V INTEGER")]
    [InlineData("ASSERT TABLE doubled;", "kind expected TABLE actual STREAM")]
    [InlineData("ASSERT TOPIC missing TIMEOUT 0 SECONDS;", "There is no topic missing.")]
    public async Task Assertion_that_does_not_hold_says_what_came(string assertion, string expected) =>
        Assert.Contains(expected, await RunAsync(Doubled + assertion), StringComparison.Ordinal);

    [Fact]
    public async Task Next_assertion_looks_at_the_next_record() => Assert.Equal("", await RunAsync(Doubled + """
        INSERT INTO numbers (k, v) VALUES ('b', 4);
        ASSERT VALUES doubled (k, v) VALUES ('a', 6);
        ASSERT VALUES doubled (k, v) VALUES ('b', 8);
        """));

    [Fact]
    public async Task Error_that_is_expected_passes() => Assert.Equal("", await RunAsync("""
        --@test: unknown
        --@expected.message: There is no stream or table MISSING
        CREATE STREAM copy AS SELECT * FROM missing;
        """));

    private static async Task<string> RunAsync(string script)
    {
        var file = Path.Combine(Path.GetTempPath(), $"streamflow-{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(file, script);
        try
        {
            var results = await SqlTestRun.ResultsAsync(new SqlTestOptions([file]), CancellationToken.None);
            return Assert.Single(results).Reason;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
