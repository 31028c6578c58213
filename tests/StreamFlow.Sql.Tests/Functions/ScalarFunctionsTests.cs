using StreamFlow.Sql.Functions;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Functions;

public sealed class ScalarFunctionsTests
{
    [Fact]
    public void Rounding_takes_halves_toward_positive_infinity()
    {
        Assert.Equal(2, MathFunctions.Round(1.5));
        Assert.Equal(-1, MathFunctions.Round(-1.5));
        Assert.Equal(1.24, MathFunctions.Round(1.235, 2));
        Assert.Equal(1200.0, MathFunctions.Round(1234.5, -2));
        Assert.Equal("-1.20", MathFunctions.Round(SqlDecimal.Parse("-1.25"), 1).ToString());
        Assert.Equal("1.00", MathFunctions.Trunc(SqlDecimal.Parse("1.99"), 0).ToString());
        Assert.Equal("-1", MathFunctions.Trunc(SqlDecimal.Parse("-1.99")).ToString());
    }

    [Theory]
    [InlineData("corporate floor", 4, 1, 5)]
    [InlineData("corporate floor", 4, 2, 14)]
    [InlineData("corporate floor", -4, 2, 2)]
    [InlineData("short", 4, 1, 0)]
    public void Instr_searches_both_ways(string text, int position, int occurrence, int expected) =>
        Assert.Equal(expected, StringFunctions.Instr(text, "or", position, occurrence));

    [Theory]
    [InlineData("streams", 2, "treams")]
    [InlineData("streams", -3, "ams")]
    [InlineData("streams", 0, "streams")]
    [InlineData("streams", 50, "")]
    [InlineData("streams", -50, "streams")]
    public void Substring_clamps(string text, int position, string expected) => Assert.Equal(expected, StringFunctions.Substring(text, position));

    [Fact]
    public void Regular_expressions_are_javas()
    {
        Assert.Equal("b", RegexFunctions.RegexpExtract("a(.)c", "xabcx", 1));
        Assert.Null(RegexFunctions.RegexpExtract("a(.)c", "xabcx", 2));
        Assert.Equal("[b$]", RegexFunctions.RegexpReplace("abc", "a(.)c", "[$1\\$]"));
        Assert.Equal(new SqlArray<string?>("a", "", "b"), RegexFunctions.RegexpSplitToArray("a--b", "-"));
        Assert.Equal(new SqlArray<string?>("1", "22"), RegexFunctions.RegexpExtractAll("\\p{Digit}+", "1 22"));
        Assert.Throws<SqlEvaluationException>(() => RegexFunctions.RegexpExtract("(", "x"));
    }

    [Fact]
    public void Json_paths_find_fields_and_elements()
    {
        const string json = """{"a":[{"b":"x"},{"b":1.50}],"c":{"d":null}}""";
        Assert.Equal("x", JsonFunctions.ExtractJsonField(json, "$.a[0].b"));
        Assert.Equal("""{"b":1.50}""", JsonFunctions.ExtractJsonField(json, "$['a'][1]"));
        Assert.Null(JsonFunctions.ExtractJsonField(json, "$.c.d"));
        Assert.Null(JsonFunctions.ExtractJsonField(json, "$.x"));
        Assert.Throws<SqlEvaluationException>(() => JsonFunctions.ExtractJsonField("{", "$.a"));
    }

    [Fact]
    public void Values_become_json_with_sorted_names()
    {
        Assert.Equal("""{"a":1,"b":null}""", JsonFunctions.ToJsonString(new SqlMap<string, int?>(new("b", null), new KeyValuePair<string, int?>("a", 1))));
        Assert.Equal("""["1970-01-02"]""", JsonFunctions.ToJsonString(new SqlArray<SqlDate?>(new SqlDate(1))));
        Assert.Equal("null", JsonFunctions.ToJsonString<int?>(null));
        Assert.Equal("""{"X":1,"y":2}""", JsonFunctions.ToJsonString<Formats.SamplePoint?>(new Formats.SamplePoint(1, 2)));
    }

    [Fact]
    public void Urls_come_apart_as_written()
    {
        const string url = "http://test@user.net:8080/a%20b/c?x=1&y&z=%3D#frag";
        Assert.Equal("user.net", UrlFunctions.UrlExtractHost(url));
        Assert.Equal(8080, UrlFunctions.UrlExtractPort(url));
        Assert.Equal("/a b/c", UrlFunctions.UrlExtractPath(url));
        Assert.Equal("=", UrlFunctions.UrlExtractParameter(url, "z"));
        Assert.Equal(string.Empty, UrlFunctions.UrlExtractParameter(url, "y"));
        Assert.Null(UrlFunctions.UrlExtractParameter(url, "q"));
        Assert.Equal("frag", UrlFunctions.UrlExtractFragment(url));
        Assert.Throws<SqlEvaluationException>(() => UrlFunctions.UrlExtractHost("http://a b"));
    }

    [Fact]
    public void Cubes_vary_only_what_is_not_null()
    {
        var rows = TableFunctions.CubeExplode(new SqlArray<string?>("a", null)).ToList();
        Assert.Equal([new SqlArray<string?>(null, null), new SqlArray<string?>("a", null)], rows);
    }

    [Fact]
    public void Masks_keep_what_they_are_told()
    {
        Assert.Equal("XxXx-nnn", MaskFunctions.Mask("AbCd#123"));
        Assert.Equal("AbCx-nnn", MaskFunctions.MaskKeepLeft("AbCd#123", 3));
        Assert.Equal("A*Cd#123", MaskFunctions.MaskLeft("AbCd#123", 2, null, "*", null, null));
    }
}
