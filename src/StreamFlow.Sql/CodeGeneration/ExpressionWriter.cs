using System.Globalization;
using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>Writes bound expressions as C# expressions of the nullable CLR type of their SQL type.</summary>
/// <param name="types">C# names of types.</param>
/// <param name="constants">Where values that are made once are declared.</param>
/// <param name="column">The C# expression of a column.</param>
/// <param name="guard">
/// Makes a part whose failure nulls only itself a method, given the lambda parameters it may use, and gives its call; null where a
/// failure is one of the whole expression.
/// </param>
/// <param name="given">
/// Takes the literals, in the order in which the code reads them from its array <c>literals</c>; null to write them into the code.
/// </param>
internal sealed partial class ExpressionWriter(
    CSharpTypes types, Constants constants, Func<string, string> column, ExpressionWriter.Guard? guard = null,
    List<object>? given = null)
{
    private readonly List<BoundParameter> _lambdaParameters = [];
    private BoundExpression? _whole;

    /// <summary>Makes a method of a part, and gives its call.</summary>
    public delegate string Guard(BoundExpression part, IReadOnlyList<BoundParameter> lambdaParameters);

    /// <summary>The expression as the body of a method that guards it as a whole.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="lambdaParameters">Parameters of lambdas around it.</param>
    public string WriteWhole(BoundExpression expression, IReadOnlyList<BoundParameter> lambdaParameters)
    {
        _whole = expression;
        _lambdaParameters.AddRange(lambdaParameters);
        return Write(expression);
    }

    public string Write(BoundExpression expression) => expression switch
    {
        BoundNull => $"default({types.Nullable(expression.KnownType)})",
        BoundLiteral e => given is null ? Literal(e) : Given(e, given),
        BoundColumn e => column(e.Name),
        BoundParameter e => CSharpTypes.Identifier(e.Name),
        BoundNegation e => $"(-{Operand(e.Value)})",
        BoundArithmetic e => Arithmetic(e),
        BoundComparison e => Comparison(e),
        BoundBetween e => Negate(
            e.Negated, $"SqlOperators.Between<{types.Nullable(e.Value.KnownType)}>({Write(e.Value)}, {Write(e.Lower)}, {Write(e.Upper)})"),
        BoundIn e => Negate(e.Negated, $"SqlOperators.In<{types.Nullable(e.Value.KnownType)}>({Write(e.Value)}, {List(e.List)})"),
        BoundLike e => Negate(e.Negated, Like(e)),
        BoundIsNull e => $"({Nullable(e.Value)} is {(e.Negated ? "not null" : "null")})",
        BoundNot e => $"(!{Write(e.Value)})",
        BoundLogical e => $"({Condition(e.Left)} {(e.IsAnd ? "&&" : "||")} {Condition(e.Right)})",
        BoundCase e => Case(e),
        BoundArray e => $"new {types.NotNull(e.ArrayType)}(new {types.Nullable(e.ArrayType.Element)}[] "
            + $"{{ {string.Join(", ", e.Items.Select(Guarded))} }})",
        BoundMap e => Map(e),
        BoundStruct e => Struct(e),
        BoundField e => $"{Nullable(e.Base)}?.{FieldOf((SqlStructType)e.Base.KnownType, e.Field)}",
        BoundSubscript e => Subscript(e),
        BoundCast e => IsGuarded(e) ? guard!(e, _lambdaParameters) : Cast(e),
        BoundCall e => Call(e),
        _ => throw new InvalidOperationException($"{expression.GetType().Name} stands only as an argument."),
    };

    /// <summary>A BOOLEAN expression as a C# condition: null counts as false.</summary>
    public string Condition(BoundExpression expression) => IsPlainBool(expression) ? Write(expression) : $"({Write(expression)} == true)";

    private static bool IsPlainBool(BoundExpression expression) =>
        expression is BoundComparison or BoundBetween or BoundIn or BoundLike or BoundIsNull or BoundLogical
            or BoundLiteral { Value: bool };

    // Typed as nullable even where C# would see a plain value, so that `is null` and `?.` compile.
    private string Nullable(BoundExpression expression) => $"(({types.Nullable(expression.KnownType)}){Write(expression)})";

    // Calls and casts in arguments, and what constructors are made of, fail alone; anything else fails the whole expression.
    private string Guarded(BoundExpression part) =>
        part is not BoundCast && IsGuarded(part) ? guard!(part, _lambdaParameters) : Write(part);

    private bool IsGuarded(BoundExpression part) => guard is not null && !ReferenceEquals(part, _whole) && CanFail(part);

    // Null is an error for the arithmetic of a lambda, and so for the call it is given to.
    private string Operand(BoundExpression expression) =>
        _lambdaParameters.Count == 0 || expression is BoundLiteral ? Write(expression) : $"SqlOperators.Operand({Nullable(expression)})";

    private string List(IEnumerable<BoundExpression> items) => string.Join(", ", items.Select(Write));

    private static string Negate(bool negated, string code) => negated ? $"(!{code})" : code;

    private string Given(BoundLiteral e, List<object> literals)
    {
        literals.Add(e.Value);
        return $"(({types.NotNull(e.KnownType)})literals[{literals.Count - 1}])";
    }

    private string Literal(BoundLiteral e) => e.Value switch
    {
        bool b => b ? "true" : "false",
        int i => i < 0 ? $"({i.ToString(CultureInfo.InvariantCulture)})" : i.ToString(CultureInfo.InvariantCulture),
        long l => l == long.MinValue ? "long.MinValue" : $"({l.ToString(CultureInfo.InvariantCulture)}L)",
        double d => $"({d.ToString("R", CultureInfo.InvariantCulture)}d)",
        string s => CSharpTypes.Literal(s),
        SqlDecimal d => constants.Add("SqlDecimal", $"SqlDecimal.Parse({CSharpTypes.Literal(d.ToString())})"),
        SqlDate d => $"new SqlDate({d.Days})",
        SqlTime t => $"new SqlTime({t.Milliseconds})",
        SqlTimestamp t => $"new SqlTimestamp({t.Milliseconds}L)",
        byte[] b => constants.Add("byte[]", $"Convert.FromBase64String(\"{Convert.ToBase64String(b)}\")"),
        _ => throw new InvalidOperationException($"No C# for a literal of {e.Value.GetType().Name}."),
    };

    private string Arithmetic(BoundArithmetic e)
    {
        var (left, right) = (Operand(e.Left), Operand(e.Right));
        if (e.ResultType is SqlDecimalType d)
        {
            return $"SqlOperators.{e.Operator}({left}, {right}, {d.Precision}, {d.Scale})";
        }

        if (e.ResultType == SqlType.String)
        {
            return $"SqlOperators.Concatenate({Write(e.Left)}, {Write(e.Right)})";
        }

        var symbol = e.Operator switch
        {
            ArithmeticOperator.Add => "+",
            ArithmeticOperator.Subtract => "-",
            ArithmeticOperator.Multiply => "*",
            ArithmeticOperator.Divide => "/",
            _ => "%",
        };

        // Constants would be folded, and their overflow or division by zero refused, at compile time.
        return e is { Left: BoundLiteral or BoundArithmetic, Right: BoundLiteral or BoundArithmetic }
            ? $"({Nullable(e.Left)} {symbol} {Nullable(e.Right)})"
            : $"({left} {symbol} {right})";
    }

    private string Comparison(BoundComparison e)
    {
        var (left, right) = (Write(e.Left), Write(e.Right));
        var type = types.Nullable(e.Left.KnownType);
        var isPrimitive = e.Left.KnownType.BaseType is SqlBaseType.Integer or SqlBaseType.BigInt or SqlBaseType.Double;
        var hasLiteral = e.Left is BoundLiteral || e.Right is BoundLiteral;
        return e.Operator switch
        {
            ComparisonOperator.Equal when isPrimitive && hasLiteral => $"({left} == {right})",
            ComparisonOperator.Equal => $"SqlOperators.Equal<{type}>({left}, {right})",
            ComparisonOperator.NotEqual => $"SqlOperators.NotEqual<{type}>({left}, {right})",
            ComparisonOperator.Distinct => $"SqlOperators.Distinct<{type}>({left}, {right})",
            ComparisonOperator.NotDistinct => $"(!SqlOperators.Distinct<{type}>({left}, {right}))",
            _ when isPrimitive => $"({left} {Symbol(e.Operator)} {right})",
            _ => $"(SqlOperators.Compare<{type}>({left}, {right}) {Symbol(e.Operator)} 0)",
        };
    }

    private static string Symbol(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };

    private string Like(BoundLike e)
    {
        var escape = e.Escape is null ? "null" : $"'{(e.Escape is "'" or "\\" ? "\\" : "")}{e.Escape}'";
        return e.Pattern is BoundLiteral { Value: string pattern }
            ? $"{constants.Add("LikePattern", $"new LikePattern({CSharpTypes.Literal(pattern)}, {escape})")}.Matches({Write(e.Value)})"
            : $"LikePattern.Matches({Write(e.Value)}, {Write(e.Pattern)}, {escape})";
    }

    private string Case(BoundCase e)
    {
        var code = e.Otherwise is null ? $"default({types.Nullable(e.ResultType)})" : Nullable(e.Otherwise);
        foreach (var (condition, result) in e.Whens.Reverse())
        {
            code = $"({Condition(condition)} ? {Nullable(result)} : {code})";
        }

        return code;
    }

    private string Map(BoundMap e)
    {
        var entries = e.Entries.Select(entry => $"[{MapKey(entry.Key)}] = {Guarded(entry.Value)}");
        var dictionary = $"new OrderedDictionary<{types.NotNull(e.MapType.Key)}, {types.Nullable(e.MapType.Value)}>";
        return $"new {types.NotNull(e.MapType)}({dictionary} {{ {string.Join(", ", entries)} }})";
    }

    // A null key reads back as the text "null", as it is written in JSON.
    private string MapKey(BoundExpression key) =>
        key.KnownType == SqlType.String && key is not BoundLiteral ? $"({Guarded(key)} ?? \"null\")" : NotNull(key);

    // For places where null is an error; C# then throws, and the expression is null.
    private string NotNull(BoundExpression expression) => expression switch
    {
        BoundLiteral => Write(expression),
        _ when CSharpTypes.IsValueType(expression.KnownType) => $"{Nullable(expression)}.Value",
        _ => $"{Write(expression)}!",
    };

    private string Struct(BoundStruct e)
    {
        var fields = RowStructs.Fields(e.StructType.Fields);
        var values = e.Fields.Select((value, i) => $"{fields[i]} = {Guarded(value)}");
        return $"(({types.Nullable(e.StructType)})new {types.NotNull(e.StructType)} {{ {string.Join(", ", values)} }})";
    }

    private static string FieldOf(SqlStructType type, string field)
    {
        var index = type.Fields.ToList().FindIndex(f => f.Name == field);
        return RowStructs.Fields(type.Fields)[index];
    }

    private string Subscript(BoundSubscript e)
    {
        if (e.Index is BoundLiteral || (e.Base.Type is SqlMapType && !CSharpTypes.IsValueType(e.Index.KnownType)))
        {
            return $"{Nullable(e.Base)}?.At({Write(e.Index)})";
        }

        var (value, index) = (Variable(), Variable());
        var found = $"{Nullable(e.Base)} is {{ }} {value} && {Nullable(e.Index)} is {{ }} {index}";
        return $"({found} ? {value}.At({index}) : default({types.Nullable(e.ElementType)}))";
    }

    // Names come from the whole query: several expressions may share one method.
    private string Variable() => constants.NextVariable();
}
