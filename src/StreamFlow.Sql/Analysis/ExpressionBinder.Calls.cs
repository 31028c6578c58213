using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Functions;
using StreamFlow.Sql.Functions.Resolution;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Analysis;

internal sealed partial class ExpressionBinder
{
    private BoundExpression BindCall(CallExpression e)
    {
        if (functions.IsAggregate(e.Function))
        {
            throw Misplaced(e, $"The aggregate {e.Function} may not stand here.");
        }

        if (functions.IsTableFunction(e.Function))
        {
            throw Misplaced(e, $"The table function {e.Function} stands only as a whole select item or inside a scalar one.");
        }

        return BindFunction(e);
    }

    /// <summary>The error of a call of a function that does not exist.</summary>
    public static SqlException UnknownFunction(CallExpression e, FunctionRegistry functions) =>
        new(SqlErrors.UnknownFunction, e.Span, $"There is no function {e.Function}.", NearestName.Hint(e.Function, functions.Names));

    /// <summary>The error of a FILTER behind a call that is no aggregate.</summary>
    public static SqlException FilterOfNoAggregate(CallExpression e) =>
        Misplaced(e, $"FILTER (WHERE ...) is for aggregates, which {e.Function} is not.");

    /// <summary>Binds a call of a scalar or table function; the caller has checked that it may stand where it does.</summary>
    public BoundCall BindFunction(CallExpression e)
    {
        if (!functions.IsScalar(e.Function) && !functions.IsTableFunction(e.Function))
        {
            throw UnknownFunction(e, functions);
        }

        if (e.Filter is not null)
        {
            throw FilterOfNoAggregate(e);
        }

        var values = e.Arguments.Select(a => a is LambdaExpression || AsUnit(a) is not null ? null : Bind(a)).ToList();
        var arguments = e.Arguments.Select((a, i) => Argument(a, values[i])).ToList();
        if (!functions.TryResolve(e.Function, arguments, out var call, out var error))
        {
            if (values.Find(v => v?.Type is { IsTemporal: true })?.Type is not { } temporal
                || !values.Exists(v => v is BoundLiteral { Value: string }))
            {
                throw new SqlException(SqlErrors.BadArguments, e.Span, error);
            }

            // Texts beside dates and times are dates and times.
            values = [.. values.Select(v => v is BoundLiteral { Value: string } ? Coercion.Temporal(v, temporal, e.Span) : v)];
            arguments = [.. e.Arguments.Select((a, i) => Argument(a, values[i]))];
            if (!functions.TryResolve(e.Function, arguments, out call, out error))
            {
                throw new SqlException(SqlErrors.BadArguments, e.Span, error);
            }
        }

        return new BoundCall(call, [.. e.Arguments.Select((a, i) => Convert(a, values[i], call.Parameters[i]))]);
    }

    private FunctionArgument Argument(Expression expression, BoundExpression? value) => expression switch
    {
        LambdaExpression lambda => new LambdaArgument(lambda.Parameters.Count, types => BindLambda(lambda, types).Body.Type),
        _ when AsUnit(expression) is { } unit => new UnitArgument(unit),
        _ => new ValueArgument(value!.Type, value is BoundLiteral, (value as BoundLiteral)?.Value),
    };

    private BoundExpression Convert(Expression expression, BoundExpression? value, CallParameter parameter)
    {
        if (expression is LambdaExpression lambda)
        {
            var bound = BindLambda(lambda, parameter.LambdaParameters!);
            return bound with { Body = Coercion.Widen(bound.Body, parameter.LambdaResult!) };
        }

        if (AsUnit(expression) is { } unit)
        {
            return new BoundUnit(unit);
        }

        return value is BoundLiteral { Value: string } && parameter.Type is { IsTemporal: true } temporal
            ? Coercion.Temporal(value, temporal, expression.Span)
            : Coercion.Widen(value!, parameter.Type!);
    }

    private BoundLambda BindLambda(LambdaExpression lambda, IReadOnlyList<SqlType> types)
    {
        var names = new HashSet<string>(_parameters.Select(p => p.Name), StringComparer.Ordinal);
        foreach (var name in lambda.Parameters)
        {
            if (!names.Add(name) || scope.HasColumn(name))
            {
                throw new SqlException(SqlErrors.DuplicateName, lambda.Span, $"The lambda's parameter {name} hides another name.");
            }
        }

        if (types.Count != lambda.Parameters.Count)
        {
            throw new SqlException(SqlErrors.BadArguments, lambda.Span, $"The lambda needs {types.Count} parameters.");
        }

        var parameters = lambda.Parameters.Select((name, i) => new BoundParameter(name, types[i])).ToList();
        parameters.ForEach(_parameters.Push);
        try
        {
            return new BoundLambda(parameters, Bind(lambda.Body));
        }
        finally
        {
            parameters.ForEach(_ => _parameters.Pop());
        }
    }

    // Singular units are plain names, so a column of the name wins.
    private SqlTimeUnit? AsUnit(Expression expression)
    {
        var unit = expression switch
        {
            IntervalUnitExpression e => e.Unit,
            ColumnExpression { Source: null } c when !scope.HasColumn(c.Name) && Units.TryParse(c.Name, out var named) => named,
            _ => (WindowUnit?)null,
        };
        return unit switch
        {
            WindowUnit.Milliseconds => SqlTimeUnit.Milliseconds,
            WindowUnit.Seconds => SqlTimeUnit.Seconds,
            WindowUnit.Minutes => SqlTimeUnit.Minutes,
            WindowUnit.Hours => SqlTimeUnit.Hours,
            WindowUnit.Days => SqlTimeUnit.Days,
            _ => null,
        };
    }
}
