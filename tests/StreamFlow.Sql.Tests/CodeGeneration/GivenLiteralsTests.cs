using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.CodeGeneration;

/// <summary>Literals that are given to the code when it runs: code that differs in them only is compiled once.</summary>
public sealed class GivenLiteralsTests
{
    public static TheoryData<object, object> Literals => new()
    {
        { 1, 2 }, { 1L, 2L }, { 1.5, 2.5 }, { "a", "b\"" }, { true, false }, { SqlDecimal.Parse("1.5"), SqlDecimal.Parse("2.5") },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void Code_of_other_literals_is_the_same(object one, object other)
    {
        var (code, literals) = Write(one);
        Assert.Equal((code, other), (Write(other).Code, Write(other).Literals.Single()));
        Assert.Equal([one], literals);
    }

    private static (string Code, List<object> Literals) Write(object value)
    {
        SqlType type = value switch
        {
            int => SqlType.Integer,
            long => SqlType.BigInt,
            double => SqlType.Double,
            bool => SqlType.Boolean,
            SqlDecimal => new SqlDecimalType(2, 1),
            _ => SqlType.String,
        };
        var literals = new List<object>();
        var writer = new ExpressionWriter(new CSharpTypes(), new Constants(), name => name, given: literals);
        return (writer.Write(new BoundLiteral(type, value)), literals);
    }
}
