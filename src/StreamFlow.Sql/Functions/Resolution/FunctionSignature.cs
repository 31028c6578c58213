using System.Reflection;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Functions.Resolution;

/// <summary>One overload of a scalar or table function, read from its method once.</summary>
internal sealed class FunctionSignature
{
    private readonly List<Parameter> _parameters = [];
    private readonly TypePattern _result;
    private readonly bool _returnsNull;

    public FunctionSignature(SqlFunctionAttribute description, MethodInfo method, NullabilityInfoContext nullability)
    {
        Description = description;
        Method = method;
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType == typeof(SqlFunctionContext))
            {
                NeedsContext = true;
            }
            else if (description.StructFields.Length == 0 || !parameter.ParameterType.Name.StartsWith("Func`", StringComparison.Ordinal))
            {
                Add(parameter, nullability.Create(parameter));
            }
        }

        var isTable = method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(IEnumerable<>);
        _result = TypePattern.Of(method.ReturnType);
        var returned = nullability.Create(method.ReturnParameter);
        _returnsNull = TypePattern.AcceptsNull(isTable ? returned.GenericTypeArguments[0] : returned, reading: true);
        IsTableFunction = isTable;
    }

    public SqlFunctionAttribute Description { get; }

    public MethodInfo Method { get; }

    public bool NeedsContext { get; }

    public bool IsTableFunction { get; }

    public bool IsVariadic { get; private set; }

    public int ParameterCount => _parameters.Count;

    public int GenericCount => _parameters.Sum(p => p.Pattern.HoleCount());

    /// <summary>Matches a call; null when the arguments do not fit.</summary>
    public (ScalarCall Call, int Cost)? Match(IReadOnlyList<FunctionArgument> arguments)
    {
        var fixedCount = IsVariadic ? _parameters.Count - 1 : _parameters.Count;
        if (arguments.Count < fixedCount || (!IsVariadic && arguments.Count != fixedCount))
        {
            return null;
        }

        var binder = new TypeBinder();
        return MatchValues(arguments, binder) && MatchLambdas(arguments, binder) && Allowed(binder)
            ? Build(arguments, binder)
            : null;
    }

    public FunctionOverload Describe() => new(
        [.. _parameters.Select((p, i) => new FunctionParameter(p.Name, Print(p.Pattern), IsVariadic && i == _parameters.Count - 1))],
        Print(_result));

    private void Add(ParameterInfo parameter, NullabilityInfo nullability)
    {
        var variadic = parameter.ParameterType.IsGenericType
            && parameter.ParameterType.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>);
        IsVariadic |= variadic;
        var acceptsNull = TypePattern.AcceptsNull(variadic ? nullability.GenericTypeArguments[0] : nullability, reading: false);
        _parameters.Add(new Parameter(parameter.Name!, TypePattern.Of(parameter.ParameterType), acceptsNull));
    }

    private Parameter At(int index) => _parameters[Math.Min(index, _parameters.Count - 1)];

    private bool MatchValues(IReadOnlyList<FunctionArgument> arguments, TypeBinder binder)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var pattern = At(i).Pattern;
            var fits = (pattern, arguments[i]) switch
            {
                (TypePattern.Unit, UnitArgument) => true,
                (TypePattern.Unit, _) or (_, UnitArgument) => false,
                (TypePattern.Lambda l, LambdaArgument a) => a.Arity == l.Parameters.Count,
                (TypePattern.Lambda, _) or (_, LambdaArgument) => false,
                (_, ValueArgument { Type: null }) => true,
                (_, ValueArgument v) => binder.Match(pattern, v.Type),
                _ => false,
            };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private bool MatchLambdas(IReadOnlyList<FunctionArgument> arguments, TypeBinder binder)
    {
        // Twice: a body may widen a hole (REDUCE's state) that the first pass typed from the initial value alone.
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < arguments.Count; i++)
            {
                if (At(i).Pattern is not TypePattern.Lambda pattern || arguments[i] is not LambdaArgument lambda)
                {
                    continue;
                }

                var inputs = pattern.Parameters.Select(binder.Fill).ToList();
                if (inputs.Contains(null))
                {
                    return false;
                }

                var body = lambda.TypeOfBody([.. inputs.Select(t => t!)]);
                if (body is not null && !binder.Match(pattern.Result, body))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool Allowed(TypeBinder binder) => (!Description.Ordered || binder.Bindings.All(t => !t.IsCompound))
        && (!Description.Uniform || !binder.MixesNumbers || binder.Bindings.All(t => t == SqlType.Double));

    private (ScalarCall, int)? Build(IReadOnlyList<FunctionArgument> arguments, TypeBinder binder)
    {
        var parameters = new List<CallParameter>(arguments.Count);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, pattern, acceptsNull) = At(i);
            if (pattern is TypePattern.Lambda lambda)
            {
                parameters.Add(new CallParameter(
                    name, null, true, [.. lambda.Parameters.Select(p => binder.Fill(p)!)], binder.Fill(lambda.Result)));
                continue;
            }

            var type = pattern is TypePattern.Unit ? null : binder.Fill(pattern);
            if (type is null && pattern is not TypePattern.Unit)
            {
                return null;
            }

            parameters.Add(new CallParameter(name, type, acceptsNull));
        }

        var (result, made) = ResultType(binder);
        return result is null
            ? null
            : (new ScalarCall(Description.Name, Method, NeedsContext, parameters, result, _returnsNull, made), binder.Cost);
    }

    private (SqlType? Result, SqlStructType? Made) ResultType(TypeBinder binder)
    {
        if (Description.StructFields.Length > 0)
        {
            // ENTRIES is the one function that makes structs: K from the key, V from the value.
            var value = binder.Bindings.FirstOrDefault();
            var made = value is null ? null : SqlType.Struct(
                new SqlField(Description.StructFields[0], SqlType.String), new SqlField(Description.StructFields[1], value));
            return (made is null ? null : SqlType.Array(made), made);
        }

        var filled = binder.Fill(_result);
        return Description.DecimalResult == DecimalResult.Integral && filled is SqlDecimalType d
            ? (SqlType.Decimal(Math.Max(1, d.Precision - d.Scale), 0), null)
            : (filled, null);
    }

    private static string Print(TypePattern pattern) => pattern switch
    {
        TypePattern.Exactly e => e.Type.ToString(),
        TypePattern.Hole h => h.Name,
        TypePattern.ArrayOf a => $"ARRAY<{Print(a.Element)}>",
        TypePattern.MapOf m => $"MAP<{Print(m.Key)}, {Print(m.Value)}>",
        TypePattern.Lambda l => $"LAMBDA ({string.Join(", ", l.Parameters.Select(Print))}) => {Print(l.Result)}",
        _ => "INTERVALUNIT",
    };

    private sealed record Parameter(string Name, TypePattern Pattern, bool AcceptsNull);
}
