using System.Buffers.Binary;
using System.Text;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Execution.Printing;

namespace StreamFlow.Sql.Tests.Execution.Printing;

/// <summary>PRINT, and how it guesses formats.</summary>
public sealed class PrintTests
{
    [Fact]
    public async Task Records_are_printed_from_the_beginning_up_to_the_limit_each_nth()
    {
        await using var sql = await SqlFixture.CreateAsync();
        await sql.RunAsync("""
            CREATE STREAM S (K STRING KEY, V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1, RETENTION_MS=-1);
            INSERT INTO S (ROWTIME, K, V) VALUES (0, 'a', 1);
            INSERT INTO S (ROWTIME, K, V) VALUES (1, 'b', 2);
            INSERT INTO S (ROWTIME, K, V) VALUES (2, NULL, 3);
            """);
        Assert.Equal(
            [
                "rowtime: 1970/01/01 00:00:00.000 Z, key: a, value: {\"V\":1}, partition: 0",
                "rowtime: 1970/01/01 00:00:00.002 Z, key: <null>, value: {\"V\":3}, partition: 0",
            ],
            await PrintAsync(sql, "PRINT s FROM BEGINNING INTERVAL 2 LIMIT 2;"));
        var error = await Assert.ThrowsAsync<SqlException>(() => PrintAsync(sql, "PRINT 'S' FROM BEGINNING;"));
        Assert.Contains("did you mean s?", error.Message);
    }

    [Theory]
    [InlineData("{\"A\":1}", "JSON or KAFKA_STRING", "{\"A\":1}")]
    [InlineData("hello", "KAFKA_STRING", "hello")]
    [InlineData("abcd", "KAFKA_STRING or KAFKA_INT", "abcd")]
    [InlineData("", "KAFKA_STRING", "")]
    public void Text_is_guessed(string text, string format, string printed)
    {
        var guess = new FormatGuess();
        Assert.Equal(printed, guess.Print(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(format, guess.Name);
    }

    [Fact]
    public void Numbers_windows_and_unknown_bytes_are_guessed()
    {
        Assert.Equal("7", Guess(Int(7), "KAFKA_INT"));
        Assert.Equal("7", Guess(Long(7), "KAFKA_BIGINT"));
        Assert.Equal("2.5", Guess(Long(BitConverter.DoubleToInt64Bits(2.5)), "KAFKA_DOUBLE"));
        Assert.Equal("[shop@60000/-]", Guess([.. "shop"u8, .. Long(60_000)], "TUMBLING(KAFKA_STRING)"));
        Assert.Equal("0xFF0001", Guess([0xFF, 0, 1], "UNRECOGNIZED BYTES"));
        Assert.Null(new FormatGuess().Print(null));
    }

    [Fact]
    public void Each_record_narrows_the_guess()
    {
        var guess = new FormatGuess();
        Assert.Equal("no data yet", guess.Name);
        guess.Print("{\"A\":1}"u8.ToArray());
        Assert.Equal("plain", guess.Print("plain"u8.ToArray()));
        Assert.Equal("KAFKA_STRING", guess.Name);
    }

    private static string? Guess(byte[] bytes, string format)
    {
        var guess = new FormatGuess();
        var text = guess.Print(bytes);
        Assert.StartsWith(format, guess.Name, StringComparison.Ordinal);
        return text;
    }

    private static byte[] Int(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static async Task<List<string>> PrintAsync(SqlFixture sql, string statement)
    {
        var lines = new List<string>();
        await foreach (var result in sql.Engine.ExecuteAsync(statement, sql.Session))
        {
            await foreach (var record in Assert.IsType<SqlPrint>(result).Records)
            {
                lines.Add(record.ToString());
            }
        }

        return lines;
    }
}
