using System.Text.Json;
using StreamFlow.Cli.Http;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;

namespace StreamFlow.Cli.Tests.Http;

/// <summary>Keys in URLs, and rows of SQL queries in answers.</summary>
public sealed class StoreKeysTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new SqlRowConverter() } };

    [Fact]
    public void Texts_become_keys_of_the_stores_type()
    {
        Assert.Equal("a", StoreKeys.Parse<string>("a"));
        Assert.Equal(12L, StoreKeys.Parse<long?>("12"));
        Assert.Equal(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), StoreKeys.Parse<Guid>("00000001-0002-0003-0405-060708090a0b"));
        Assert.Equal("a", StoreKeys.Parse<KeyRow?>("a")!.Value.KEY);
        Assert.Contains("'x' is not a key", Assert.Throws<ConfigurationException>(() => StoreKeys.Parse<int>("x")).Message);
    }

    [Fact]
    public void Rows_are_objects_of_their_columns() =>
        Assert.Equal(
            """{"key":{"KEY":"a"},"none":null}""",
            JsonSerializer.Serialize(new { key = (object)new KeyRow { KEY = "a" }, none = (KeyRow?)null }, Json));

    private struct KeyRow : IRow<KeyRow>
    {
        public string? KEY;

        public static RowSchema Schema { get; } = new(new SqlField("KEY", SqlType.String));

        public static void ReadColumn<TReader>(ref KeyRow row, int ordinal, ref TReader reader)
            where TReader : IColumnReader, allows ref struct => row.KEY = reader.ReadString();

        public readonly void WriteColumn<TWriter>(int ordinal, ref TWriter writer)
            where TWriter : IColumnWriter, allows ref struct => writer.WriteString(KEY);
    }
}
