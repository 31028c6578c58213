using System.Buffers;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Formats;

public sealed class RowSerdeTests
{
    private static readonly SerdeContext Context = SerdeContext.ForValue("t");

    private static readonly SampleRow Full = new()
    {
        Id = 1,
        Name = "a\"b",
        Amount = 1e10,
        Price = SqlDecimal.Parse("1.50"),
        Flag = true,
        At = new SqlTimestamp(5),
        Raw = [1, 2],
        Numbers = new SqlArray<long?>(1, null, 3),
        Tags = new SqlMap<string, string?>(new("k", "v"), new KeyValuePair<string, string?>("n", null)),
        Point = new SamplePoint(7, null),
    };

    [Fact]
    public void Json_writes_all_columns_in_the_dialects_notation() => Assert.Equal(
        """{"ID":1,"NAME":"a\"b","AMOUNT":1.0E10,"PRICE":1.50,"FLAG":true,"AT":5,"RAW":"AQI=","NUMBERS":[1,null,3],"TAGS":{"k":"v","n":null},"POINT":{"X":7,"y":null}}""",
        Write("JSON", Full));

    [Theory]
    [InlineData("JSON")]
    [InlineData("STATE")]
    public void A_row_survives_writing_and_reading(string format)
    {
        foreach (var row in new[] { Full, default })
        {
            var output = new ArrayBufferWriter<byte>();
            Serde<SampleRow>(format).Serialize(row, output, Context);
            var back = Serde<SampleRow>(format).Deserialize(output.WrittenSpan, Context);
            Assert.Equal(row with { Raw = null }, back with { Raw = null });
            Assert.Equal(row.Raw, back.Raw);
        }
    }

    [Fact]
    public void Json_reads_leniently()
    {
        var row = Read<SampleRow>("JSON", """{"id":"12","Name":5,"AMOUNT":"1.5","price":1.5,"other":{"a":[1]},"AT":"7","numbers":["3",4.9],"POINT":{"x":1,"Y":2}}""");
        Assert.Equal(12, row.Id);
        Assert.Equal("5", row.Name);
        Assert.Equal(1.5, row.Amount);
        Assert.Equal("1.50", row.Price.ToString());
        Assert.Equal(new SqlTimestamp(7), row.At);
        Assert.Equal(new SqlArray<long?>(3, 4), row.Numbers);
        Assert.Equal(new SamplePoint(1, null), row.Point);
    }

    [Fact]
    public void Json_prefers_the_exact_name_wherever_it_stands()
    {
        Assert.Equal(1, Read<SampleRow>("JSON", """{"ID":1,"id":2}""").Id);
        Assert.Equal(1, Read<SampleRow>("JSON", """{"id":2,"ID":1}""").Id);
    }

    [Theory]
    [InlineData("""{"NAME":{"a": 1}}""", """{"a":1}""")]
    [InlineData("""{"NAME":[1, "x", true]}""", "[1, x, true]")]
    [InlineData("""{"NAME":1.50}""", "1.50")]
    public void Json_gives_text_columns_the_text_of_other_values(string json, string expected) =>
        Assert.Equal(expected, Read<SampleRow>("JSON", json).Name);

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{"ID":true}""")]
    [InlineData("""{"FLAG":"true"}""")]
    [InlineData("""{"PRICE":1.555}""")]
    [InlineData("""{"ID":1} x""")]
    public void Json_that_does_not_fit_is_an_error(string json) => Assert.Throws<SerializationException>(() => Read<SampleRow>("JSON", json));

    [Fact]
    public void Delimited_quotes_only_what_needs_it()
    {
        Assert.Equal("a,1,1.00", Write("DELIMITED", new FlatRow("a", 1, SqlDecimal.Parse("1.00"))));
        Assert.Equal("\"a,b\",,", Write("DELIMITED", new FlatRow("a,b", null, null)));
        Assert.Equal("\"say \"\"hi\"\"\",1,", Write("DELIMITED", new FlatRow("say \"hi\"", 1, null)));
    }

    [Fact]
    public void Delimited_reads_quotes_and_nulls()
    {
        Assert.Equal(new FlatRow("a,\"b", 2, null), Read<FlatRow>("DELIMITED", "\"a,\"\"b\",2,\r\n"));
        Assert.Equal(new FlatRow(null, null, SqlDecimal.Parse("1.5")), Read<FlatRow>("DELIMITED", ",,1.5"));
    }

    [Theory]
    [InlineData("a,1")]
    [InlineData("a,1,1,1")]
    [InlineData("a,x,1")]
    public void Delimited_that_does_not_fit_is_an_error(string text) =>
        Assert.Throws<SerializationException>(() => Read<FlatRow>("DELIMITED", text));

    [Fact]
    public void State_bytes_cut_anywhere_are_an_error()
    {
        var output = new ArrayBufferWriter<byte>();
        Serde<SampleRow>("STATE").Serialize(Full, output, Context);
        for (var length = 0; length < output.WrittenCount; length++)
        {
            var cut = output.WrittenMemory[..length];
            Assert.Throws<SerializationException>(() => Serde<SampleRow>("STATE").Deserialize(cut.Span, Context));
        }
    }

    private static Serde<TRow> Serde<TRow>(string format)
        where TRow : struct, IRow<TRow> =>
        format == "STATE" ? FormatSerdes.CreateState<TRow>() : FormatSerdes.Create<TRow>(new FormatSpec(format), SerdeTarget.Value, null);

    private static string Write<TRow>(string format, TRow row)
        where TRow : struct, IRow<TRow>
    {
        var output = new ArrayBufferWriter<byte>();
        Serde<TRow>(format).Serialize(row, output, Context);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static TRow Read<TRow>(string format, string text)
        where TRow : struct, IRow<TRow> => Serde<TRow>(format).Deserialize(Encoding.UTF8.GetBytes(text), Context);
}
