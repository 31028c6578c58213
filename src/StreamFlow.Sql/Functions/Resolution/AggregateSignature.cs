using System.Reflection;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Functions.Resolution;

/// <summary>One overload of an aggregate, read from its static class once: the shape of <c>Add</c> says everything.</summary>
internal sealed class AggregateSignature
{
    private readonly SqlAggregateAttribute _description;
    private readonly List<TypePattern> _state = [];
    private readonly List<TypePattern> _arguments = [];
    private readonly List<SqlConstantAttribute> _constants = [];
    private readonly TypePattern _result;
    private readonly bool _hasRow;

    public AggregateSignature(SqlAggregateAttribute description, Type holder)
    {
        _description = description;
        Holder = holder;
        var add = holder.GetMethod("Add") ?? throw new InvalidOperationException($"{holder} has no Add.");
        foreach (var parameter in add.GetParameters())
        {
            if (parameter.GetCustomAttribute<SqlConstantAttribute>() is { } constant)
            {
                _constants.Add(constant);
            }
            else if (parameter.ParameterType.IsByRef)
            {
                _state.Add(TypePattern.Of(parameter.ParameterType.GetElementType()!));
            }
            else if (parameter.Name == "row")
            {
                _hasRow = true;
            }
            else
            {
                _arguments.Add(TypePattern.Of(parameter.ParameterType));
            }
        }

        var result = holder.GetMethod("Result") ?? throw new InvalidOperationException($"{holder} has no Result.");
        _result = TypePattern.Of(result.ReturnType);
    }

    public Type Holder { get; }

    public SqlAggregateAttribute Description => _description;

    public int GenericCount => _arguments.Sum(a => a.HoleCount());

    public FunctionOverload Describe() => new(
        [.. _arguments.Select((a, i) => new FunctionParameter($"val{i + 1}", a is TypePattern.Exactly e ? e.Type.ToString() : "T", false))],
        _result is TypePattern.Exactly r ? r.Type.ToString() : "T");

    public (AggregateCall Call, int Cost)? Match(IReadOnlyList<ValueArgument> arguments, Func<string, string?> configuration)
    {
        var literals = _constants.Count(c => c.Source == SqlConstantSource.Literal);
        var required = _constants.Count(c => c.Source == SqlConstantSource.Literal && c.Default is null);

        // A row aggregate (TOPK over several columns) takes more columns than its pattern names.
        var columns = _hasRow ? arguments.Count - literals : _arguments.Count;
        if (columns < _arguments.Count || (_hasRow && columns < 2)
            || arguments.Count < columns + required || arguments.Count > columns + literals)
        {
            return null;
        }

        var binder = new TypeBinder();
        for (var i = 0; i < _arguments.Count; i++)
        {
            if (arguments[i].Type is { } type && (!IsAllowed(type) || !binder.Match(_arguments[i], type)))
            {
                return null;
            }
        }

        return TryConstants(arguments, columns, binder, configuration, out var constants)
            ? Build(arguments, columns, binder, constants)
            : null;
    }

    private bool IsAllowed(SqlType type) =>
        (!_description.Ordered || !type.IsCompound)
        && (_description.Allowed.Length == 0 || _description.Allowed.Contains(type.BaseType.ToString(), StringComparer.OrdinalIgnoreCase));

    private bool TryConstants(
        IReadOnlyList<ValueArgument> arguments,
        int columns,
        TypeBinder binder,
        Func<string, string?> configuration,
        out List<object> constants)
    {
        constants = [];
        var next = columns;
        var type = binder.Bindings.OfType<SqlDecimalType>().FirstOrDefault();
        foreach (var constant in _constants)
        {
            object? value = constant.Source switch
            {
                SqlConstantSource.Literal when next < arguments.Count => LiteralOf(arguments[next++], constant),
                SqlConstantSource.Literal => constant.Default,
                SqlConstantSource.Configuration => configuration(constant.Key) is { } text
                    ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
                    : constant.Default,
                SqlConstantSource.Precision => type?.Precision ?? 0,
                _ => type?.Scale ?? 0,
            };
            if (value is null)
            {
                return false;
            }

            constants.Add(value);
        }

        return true;
    }

    // The default's type says which literal is wanted: bool for flags, int for counts.
    private static object? LiteralOf(ValueArgument argument, SqlConstantAttribute constant) => argument switch
    {
        { IsLiteral: true, Literal: bool flag } when constant.Default is bool => flag,
        { IsLiteral: true, Literal: int number } when constant.Default is not bool => number,
        _ => null,
    };

    private (AggregateCall, int)? Build(IReadOnlyList<ValueArgument> arguments, int columns, TypeBinder binder, List<object> constants)
    {
        var types = new List<SqlType>();
        for (var i = 0; i < columns; i++)
        {
            var type = i < _arguments.Count ? binder.Fill(_arguments[i]) : arguments[i].Type;
            if (type is null)
            {
                return null;
            }

            types.Add(type);
        }

        var row = _hasRow
            ? SqlType.Struct(types.Select((t, i) => new SqlField(i == 0 ? "sort_col" : $"col{i - 1}", t)))
            : null;
        var state = _state.Select(s => Fill(s, binder, row)).ToList();
        var result = Fill(_result, binder, row);
        return result is null || state.Contains(null)
            ? null
            : (new AggregateCall(
                _description.Name, Holder, [.. state.Select(s => s!)], [.. types.Take(_arguments.Count)], row, constants, result,
                Holder.GetMethod("Undo") is not null, Holder.GetMethod("Merge") is not null)
            {
                HasCompoundState = _description.CompoundState,
            }, binder.Cost);
    }

    // The hole TRow is the generated row struct.
    private static SqlType? Fill(TypePattern pattern, TypeBinder binder, SqlStructType? row) => pattern switch
    {
        TypePattern.Hole { Name: "TRow" } => row,
        TypePattern.ArrayOf { Element: TypePattern.Hole { Name: "TRow" } } => row is null ? null : SqlType.Array(row),
        _ => binder.Fill(pattern),
    };
}
