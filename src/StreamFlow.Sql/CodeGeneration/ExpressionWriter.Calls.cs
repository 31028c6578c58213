using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Functions.Resolution;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

internal sealed partial class ExpressionWriter
{
    /// <summary>
    /// Whether evaluating the expression can throw, so that it needs a method that turns the failure into null and a log entry.
    /// </summary>
    public static bool CanFail(BoundExpression expression) => expression switch
    {
        BoundCall or BoundMap or BoundLambda => true,
        BoundCast e => CastCanFail(e.Value.KnownType, e.Target) || CanFail(e.Value),
        BoundArithmetic { ResultType.BaseType: SqlBaseType.Decimal } => true,
        BoundArithmetic e => (
            e.Operator is Ast.ArithmeticOperator.Divide or Ast.ArithmeticOperator.Modulo && e.ResultType != SqlType.Double)
            || CanFail(e.Left) || CanFail(e.Right),
        BoundNegation e => CanFail(e.Value),
        BoundComparison e => CanFail(e.Left) || CanFail(e.Right),
        BoundBetween e => CanFail(e.Value) || CanFail(e.Lower) || CanFail(e.Upper),
        BoundIn e => CanFail(e.Value) || e.List.Any(CanFail),
        BoundLike e => CanFail(e.Value) || CanFail(e.Pattern),
        BoundIsNull e => CanFail(e.Value),
        BoundNot e => CanFail(e.Value),
        BoundLogical e => CanFail(e.Left) || CanFail(e.Right),
        BoundCase e => e.Whens.Any(w => CanFail(w.Condition) || CanFail(w.Result)) || (e.Otherwise is not null && CanFail(e.Otherwise)),
        BoundArray e => e.Items.Any(CanFail),
        BoundStruct e => e.Fields.Any(CanFail),
        BoundField e => CanFail(e.Base),
        BoundSubscript e => CanFail(e.Base) || CanFail(e.Index),
        _ => false,
    };

    private static bool CastCanFail(SqlType from, SqlType to) =>
        from.IsCompound || (from == SqlType.String && to != SqlType.Boolean) || to is SqlDecimalType;

    private string Call(BoundCall e)
    {
        var guards = new List<string>();
        var arguments = new List<string>();
        if (e.Call.NeedsContext)
        {
            arguments.Add("sql.Functions");
        }

        for (var i = 0; i < e.Arguments.Count; i++)
        {
            arguments.Add(Argument(e.Arguments[i], e.Call.Parameters[i], guards));
        }

        if (e.Call.Struct is { } made)
        {
            arguments.Add(StructFactory(made));
        }

        var call = $"{e.Call.CSharpName}({string.Join(", ", arguments)})";
        var type = types.Nullable(e.Call.ReturnType);
        if (Functions.FunctionRegistry.BuiltIn.IsTableFunction(e.Call.Name))
        {
            type = $"IEnumerable<{type}>?";
        }

        return guards.Count == 0 ? $"(({type}){call})" : $"({string.Join(" && ", guards)} ? ({type}){call} : null)";
    }

    private string Argument(BoundExpression argument, CallParameter parameter, List<string> guards)
    {
        switch (argument)
        {
            case BoundLambda lambda:
                return Lambda(lambda);
            case BoundUnit unit:
                return $"SqlTimeUnit.{unit.Unit}";
            case BoundLiteral when !parameter.AcceptsNull:
                return Write(argument);
            case var _ when parameter.AcceptsNull:
                return Nullable(Part(argument), argument.KnownType);
            default:
                var variable = Variable();
                guards.Add($"{Nullable(Part(argument), argument.KnownType)} is {{ }} {variable}");
                return variable;
        }
    }

    private string Part(BoundExpression argument) => argument is BoundCall or BoundField ? Guarded(argument) : Write(argument);

    private string Lambda(BoundLambda lambda)
    {
        _lambdaParameters.AddRange(lambda.Parameters);
        var code = $"({string.Join(", ", lambda.Parameters.Select(p => CSharpTypes.Identifier(p.Name)))}) => {Nullable(lambda.Body)}";
        _lambdaParameters.RemoveRange(_lambdaParameters.Count - lambda.Parameters.Count, lambda.Parameters.Count);
        return code;
    }

    private string StructFactory(SqlStructType type)
    {
        var fields = RowStructs.Fields(type.Fields);
        var parameters = fields.Select((_, i) => $"f{i}").ToList();
        var values = fields.Select((f, i) => $"{f} = f{i}");
        return $"({string.Join(", ", parameters)}) => ({types.Nullable(type)})new {types.NotNull(type)} {{ {string.Join(", ", values)} }}";
    }

    private string Cast(BoundCast e) => Cast(Nullable(e.Value), e.Value.KnownType, e.Target);

    private string Cast(string code, SqlType from, SqlType to)
    {
        if (from == to)
        {
            return code;
        }

        var widens = (from.BaseType, to.BaseType) is (SqlBaseType.Integer, SqlBaseType.BigInt or SqlBaseType.Double)
            or (SqlBaseType.BigInt, SqlBaseType.Double);
        if (widens)
        {
            return $"(({types.Nullable(to)}){code})";
        }

        var variable = Variable();
        return $"({code} is {{ }} {variable} ? ({types.Nullable(to)}){CastNotNull(variable, from, to)} : null)";
    }

    private string CastNotNull(string value, SqlType from, SqlType to)
    {
        switch (from, to)
        {
            case (_, { BaseType: SqlBaseType.String }):
                return $"SqlCast.ToText({value})";
            case (_, SqlDecimalType d):
                return $"SqlCast.ToDecimal({value}, {d.Precision}, {d.Scale})";
            case (SqlArrayType f, SqlArrayType t):
                var item = Variable();
                return $"{value}.Map({item} => {Nullable(Cast(item, f.Element, t.Element), t.Element)})";
            case (SqlMapType f, SqlMapType t):
                var (key, entry) = (Variable(), Variable());
                var newKey = f.Key == t.Key ? key : CastNotNull(key, f.Key, t.Key);
                return $"{value}.Map({key} => {newKey}, {entry} => {Nullable(Cast(entry, f.Value, t.Value), t.Value)})";
            case (SqlStructType f, SqlStructType t):
                return CastStruct(value, f, t);
            default:
                return $"SqlCast.To{Method(to)}({value})";
        }
    }

    private string Nullable(string code, SqlType type) => $"(({types.Nullable(type)}){code})";

    private string CastStruct(string value, SqlStructType from, SqlStructType to)
    {
        var (sources, targets) = (RowStructs.Fields(from.Fields), RowStructs.Fields(to.Fields));
        var values = new List<string>();
        for (var i = 0; i < to.Fields.Count; i++)
        {
            var index = from.Fields.ToList().FindIndex(f => f.Name == to.Fields[i].Name);
            if (index >= 0)
            {
                values.Add($"{targets[i]} = {Cast($"{value}.{sources[index]}", from.Fields[index].Type, to.Fields[i].Type)}");
            }
        }

        return $"new {types.NotNull(to)} {{ {string.Join(", ", values)} }}";
    }

    private static string Method(SqlType type) => type.BaseType switch
    {
        SqlBaseType.Integer => "Int32",
        SqlBaseType.BigInt => "Int64",
        _ => type.BaseType.ToString(),
    };
}
