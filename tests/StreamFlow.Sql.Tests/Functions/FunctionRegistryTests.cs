using StreamFlow.Sql.Functions;
using StreamFlow.Sql.Functions.Resolution;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Tests.Functions;

public sealed class FunctionRegistryTests
{
    private static readonly FunctionRegistry Registry = FunctionRegistry.BuiltIn;

    [Theory]
    [InlineData("ABS", "INT", "INTEGER")]
    [InlineData("abs", "DECIMAL(4, 2)", "DECIMAL(4, 2)")]
    [InlineData("ROUND", "DECIMAL(4, 2)", "DECIMAL(2, 0)")]
    [InlineData("ROUND", "DOUBLE", "BIGINT")]
    [InlineData("ROUND", "DECIMAL(4, 2);INT", "DECIMAL(4, 2)")]
    [InlineData("SQRT", "INT", "DOUBLE")]
    [InlineData("GREATEST", "INT;BIGINT;DOUBLE", "DOUBLE")]
    [InlineData("GREATEST", "DECIMAL(4, 2);DECIMAL(4, 1)", "DECIMAL(5, 2)")]
    [InlineData("COALESCE", "NULL;STRING", "STRING")]
    [InlineData("ARRAY_CONCAT", "ARRAY<INT>;ARRAY<INT>", "ARRAY<INTEGER>")]
    [InlineData("ENTRIES", "MAP<STRING, INT>;BOOLEAN", "ARRAY<STRUCT<`K` STRING, `V` INTEGER>>")]
    [InlineData("SUBSTRING", "BYTES;INT", "BYTES")]
    [InlineData("GENERATE_SERIES", "INT;BIGINT", "ARRAY<BIGINT>")]
    [InlineData("EXPLODE", "ARRAY<STRING>", "STRING")]
    public void A_call_gets_the_type_of_its_overload(string name, string arguments, string expected)
    {
        Assert.True(Registry.TryResolve(name, Values(arguments), out var call, out var error), error);
        Assert.Equal(expected, call.ReturnType.ToString());
    }

    [Theory]
    [InlineData("SUBSTRING", "NULL;INT")]
    [InlineData("GREATEST", "NULL;NULL")]
    [InlineData("GREATEST", "INT;BIGINT;INT")]
    [InlineData("ABS", "STRING")]
    [InlineData("LEN", "INT")]
    [InlineData("ARRAY_MAX", "ARRAY<ARRAY<INT>>")]
    [InlineData("NO_SUCH_FUNCTION", "INT")]
    public void A_call_that_fits_no_overload_or_several_is_rejected(string name, string arguments) =>
        Assert.False(Registry.TryResolve(name, Values(arguments), out _, out _));

    [Fact]
    public void A_lambda_gets_its_parameter_types_and_gives_the_result_type()
    {
        var body = new LambdaArgument(1, parameters => parameters[0] == SqlType.Integer ? SqlType.String : null);
        Assert.True(Registry.TryResolve("TRANSFORM", [new ValueArgument(SqlType.Array(SqlType.Integer)), body], out var call, out var error), error);
        Assert.Equal(SqlType.Array(SqlType.String), call.ReturnType);
        Assert.Equal([SqlType.Integer], call.Parameters[1].LambdaParameters!);
    }

    [Fact]
    public void A_fold_widens_its_state_to_what_the_lambda_gives()
    {
        var body = new LambdaArgument(2, _ => SqlType.BigInt);
        FunctionArgument[] arguments = [new ValueArgument(SqlType.Array(SqlType.BigInt)), new ValueArgument(SqlType.Integer, true, 0), body];
        Assert.True(Registry.TryResolve("REDUCE", arguments, out var call, out var error), error);
        Assert.Equal(SqlType.BigInt, call.ReturnType);
        Assert.Equal(SqlType.BigInt, call.Parameters[1].Type);
    }

    [Fact]
    public void Parameters_say_whether_they_take_null()
    {
        Assert.True(Registry.TryResolve("ARRAY_CONTAINS", Values("ARRAY<INT>;INT"), out var contains, out _));
        Assert.All(contains.Parameters, p => Assert.True(p.AcceptsNull));
        Assert.True(Registry.TryResolve("LEN", Values("STRING"), out var len, out _));
        Assert.False(len.Parameters[0].AcceptsNull);
        Assert.True(Registry.TryResolve("CONCAT", Values("STRING;STRING;STRING"), out var concat, out _));
        Assert.All(concat.Parameters, p => Assert.True(p.AcceptsNull));
        Assert.True(Registry.TryResolve("JSON_CONCAT", Values("STRING;STRING"), out var json, out _));
        Assert.All(json.Parameters, p => Assert.False(p.AcceptsNull));
    }

    [Theory]
    [InlineData("SUM", "DECIMAL(4, 2)", "DECIMAL(4, 2)", true)]
    [InlineData("AVG", "INT", "DOUBLE", true)]
    [InlineData("MAX", "STRING", "STRING", false)]
    [InlineData("COLLECT_SET", "INT", "ARRAY<INTEGER>", false)]
    [InlineData("SUM_LIST", "ARRAY<DOUBLE>", "DOUBLE", true)]
    [InlineData("ATTR", "STRUCT<A INT>", "STRUCT<`A` INTEGER>", true)]
    public void An_aggregate_says_its_type_and_whether_it_can_undo(string name, string arguments, string expected, bool canUndo)
    {
        Assert.True(Registry.TryResolveAggregate(name, Values(arguments), _ => null, out var call, out var error), error);
        Assert.Equal(expected, call.ReturnType.ToString());
        Assert.Equal(canUndo, call.CanUndo);
        Assert.True(call.CanMerge);
    }

    [Fact]
    public void Literals_of_an_aggregate_become_constants()
    {
        ValueArgument column = new(SqlType.Integer);
        ValueArgument two = new(SqlType.Integer, true, 2);
        Assert.True(Registry.TryResolveAggregate("LATEST_BY_OFFSET", [column, two], _ => null, out var call, out _));
        Assert.Equal([2, true], call.Constants);
        Assert.Equal(SqlType.Array(SqlType.Integer), call.ReturnType);

        Assert.True(Registry.TryResolveAggregate("TOPK", [column, new ValueArgument(SqlType.String), two], _ => null, out var rows, out _));
        Assert.Equal("ARRAY<STRUCT<`sort_col` INTEGER, `col0` STRING>>", rows.ReturnType.ToString());
        Assert.NotNull(rows.RowArgument);

        Assert.False(Registry.TryResolveAggregate("TOPK", [column, column], _ => null, out _, out _));
    }

    [Fact]
    public void A_limit_comes_from_the_configuration()
    {
        Assert.True(Registry.TryResolveAggregate("COLLECT_LIST", Values("INT"), _ => "10", out var call, out _));
        Assert.Equal([10], call.Constants);
    }

    [Fact]
    public void Every_function_describes_itself()
    {
        foreach (var name in Registry.Names)
        {
            Assert.False(string.IsNullOrEmpty(Registry.Describe(name)!.Description), name);
        }
    }

    private static ValueArgument[] Values(string types) =>
        [.. types.Split(';').Select(t => new ValueArgument(t == "NULL" ? null : SqlTypeParser.Parse(t)))];
}
