using System.Globalization;
using System.Numerics;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Values;

public sealed class SqlDecimalTests
{
    [Theory]
    [InlineData("1.0")]
    [InlineData("-0.05")]
    [InlineData("123456789012345678901234567890.123456789")]
    [InlineData("99999999999999999999999999999999999999999999.9")]
    [InlineData("0.00")]
    public void Prints_what_it_parsed(string text) => Assert.Equal(text, SqlDecimal.Parse(text).ToString());

    [Theory]
    [InlineData("1E3", "1000")]
    [InlineData("1.5e-3", "0.0015")]
    [InlineData(".5", "0.5")]
    [InlineData("1.", "1")]
    public void Reads_exponents_and_bare_points(string text, string plain) => Assert.Equal(plain, SqlDecimal.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    public void Rejects_text_that_is_no_number(string text) => Assert.Throws<SqlEvaluationException>(() => SqlDecimal.Parse(text));

    [Theory]
    [InlineData("1.25", 1, "1.3")]
    [InlineData("-1.25", 1, "-1.3")]
    [InlineData("1.24", 1, "1.2")]
    [InlineData("1.2", 3, "1.200")]
    public void Rescaling_rounds_half_up(string text, int scale, string expected) =>
        Assert.Equal(expected, SqlDecimal.Parse(text).Rescale(scale).ToString());

    [Fact]
    public void Numbers_of_another_scale_are_equal_and_hash_alike()
    {
        var a = SqlDecimal.Parse("1.50");
        var b = SqlDecimal.Parse("1.5");
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.True(SqlDecimal.Parse("1.51") > b);
    }

    [Fact]
    public void Division_gives_the_exact_quotient_or_fails()
    {
        Assert.Equal("2.500000", SqlDecimal.Divide(SqlDecimal.Parse("5.0"), SqlDecimal.Parse("2.0"), 10, 6).ToString());
        Assert.Throws<SqlEvaluationException>(() => SqlDecimal.Divide(SqlDecimal.Parse("1"), SqlDecimal.Parse("3"), 20, 6));
        Assert.Throws<SqlEvaluationException>(() => SqlDecimal.Divide(SqlDecimal.Parse("1"), SqlDecimal.Zero, 20, 6));
    }

    [Fact]
    public void A_number_that_does_not_fit_its_type_is_an_error() =>
        Assert.Throws<SqlEvaluationException>(() => SqlDecimal.Parse("99.95").ToType(3, 1));

    [Fact]
    public void Arithmetic_agrees_with_big_integers()
    {
        const int seed = 20261;
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var a = Any(random);
            var b = Any(random);
            var scale = Math.Max(a.Scale, b.Scale);
            BigInteger Up(SqlDecimal d) => d.Unscaled * BigInteger.Pow(10, scale - d.Scale);
            Assert.True((a + b).Unscaled == Up(a) + Up(b), $"seed {seed}: {a} + {b}");
            Assert.True((a - b).Unscaled == Up(a) - Up(b), $"seed {seed}: {a} - {b}");
            Assert.True((a * b).Unscaled == a.Unscaled * b.Unscaled, $"seed {seed}: {a} * {b}");
            Assert.True(a.CompareTo(b) == Up(a).CompareTo(Up(b)), $"seed {seed}: {a} <=> {b}");
            Assert.Equal(BigInteger.Abs(a.Unscaled).ToString(CultureInfo.InvariantCulture).Length, a.Precision);
        }
    }

    private static SqlDecimal Any(Random random)
    {
        var bytes = new byte[random.Next(1, 22)];
        random.NextBytes(bytes);
        return new SqlDecimal(new BigInteger(bytes), random.Next(0, 12));
    }
}
