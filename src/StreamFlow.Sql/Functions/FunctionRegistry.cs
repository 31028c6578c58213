using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using StreamFlow.Sql.Functions.Resolution;

namespace StreamFlow.Sql.Functions;

/// <summary>
/// All functions by name, and overload resolution: an exact match first, then the match that widens least, non-variadic before
/// variadic, more fixed parameters before fewer, fewer generics before more; a tie is ambiguous and rejected.
/// </summary>
/// <remarks>Immutable after construction; used by any thread.</remarks>
public sealed class FunctionRegistry
{
    private readonly Dictionary<string, List<FunctionSignature>> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<AggregateSignature>> _aggregates = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates a registry of all annotated methods and classes of the assemblies.</summary>
    /// <param name="assemblies">Where to look; public static classes only.</param>
    public FunctionRegistry(params IEnumerable<Assembly> assemblies)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var type in assemblies.SelectMany(a => a.GetExportedTypes()).Where(t => t.IsAbstract && t.IsSealed))
        {
            foreach (var description in type.GetCustomAttributes<SqlAggregateAttribute>())
            {
                Add(_aggregates, description.Name, new AggregateSignature(description, type));
            }

            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            {
                foreach (var description in method.GetCustomAttributes<SqlFunctionAttribute>())
                {
                    Add(_functions, description.Name, new FunctionSignature(description, method, nullability));
                }
            }
        }
    }

    /// <summary>The functions of the dialect.</summary>
    public static FunctionRegistry BuiltIn { get; } = new(typeof(FunctionRegistry).Assembly);

    /// <summary>Names of all functions, sorted.</summary>
    public IEnumerable<string> Names =>
        _functions.Keys.Concat(_aggregates.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Whether the name is that of a scalar function.</summary>
    /// <param name="name">Name in any case.</param>
    public bool IsScalar(string name) => _functions.TryGetValue(name, out var all) && !all[0].IsTableFunction;

    /// <summary>Whether the name is that of a table function.</summary>
    /// <param name="name">Name in any case.</param>
    public bool IsTableFunction(string name) => _functions.TryGetValue(name, out var all) && all[0].IsTableFunction;

    /// <summary>Whether the name is that of an aggregate.</summary>
    /// <param name="name">Name in any case.</param>
    public bool IsAggregate(string name) => _aggregates.ContainsKey(name);

    /// <summary>Resolves a call of a scalar or table function.</summary>
    /// <param name="name">Name in any case.</param>
    /// <param name="arguments">What is known of the arguments.</param>
    /// <param name="call">The resolved call.</param>
    /// <param name="error">Why there is none: unknown, no overload fits, or several fit equally.</param>
    public bool TryResolve(
        string name,
        IReadOnlyList<FunctionArgument> arguments,
        [NotNullWhen(true)] out ScalarCall? call,
        [NotNullWhen(false)] out string? error)
    {
        call = null;
        if (!_functions.TryGetValue(name, out var overloads))
        {
            error = $"Unknown function {name}.";
            return false;
        }

        var matches = overloads
            .Select(o => (Overload: o, Match: o.Match(arguments)))
            .Where(m => m.Match is not null)
            .Select(m => (
                m.Match!.Value.Call,
                Rank: (m.Match.Value.Cost, m.Overload.IsVariadic, -m.Overload.ParameterCount, m.Overload.GenericCount)))
            .OrderBy(m => m.Rank)
            .ToList();
        if (matches.Count > 0 && (matches.Count == 1 || matches[0].Rank.CompareTo(matches[1].Rank) < 0))
        {
            call = matches[0].Call;
            error = null;
            return true;
        }

        error = Explain(name, arguments, matches.Count > 0, overloads.Select(o => o.Describe()));
        return false;
    }

    /// <summary>Resolves a call of an aggregate.</summary>
    /// <param name="name">Name in any case.</param>
    /// <param name="arguments">What is known of the arguments; an empty call is given ROWTIME by the caller.</param>
    /// <param name="configuration">Looks up <c>ksql.functions.…</c> properties; returns null when unset.</param>
    /// <param name="call">The resolved call.</param>
    /// <param name="error">Why there is none.</param>
    public bool TryResolveAggregate(
        string name,
        IReadOnlyList<ValueArgument> arguments,
        Func<string, string?> configuration,
        [NotNullWhen(true)] out AggregateCall? call,
        [NotNullWhen(false)] out string? error)
    {
        call = null;
        if (!_aggregates.TryGetValue(name, out var overloads))
        {
            error = $"Unknown aggregate function {name}.";
            return false;
        }

        var matches = overloads
            .Select(o => (Overload: o, Match: o.Match(arguments, configuration)))
            .Where(m => m.Match is not null)
            .Select(m => (
                m.Match!.Value.Call,
                Rank: (m.Match.Value.Cost, m.Overload.GenericCount)))
            .OrderBy(m => m.Rank)
            .ToList();
        if (matches.Count > 0 && (matches.Count == 1 || matches[0].Rank.CompareTo(matches[1].Rank) < 0))
        {
            call = matches[0].Call;
            error = null;
            return true;
        }

        error = Explain(name, arguments, matches.Count > 0, overloads.Select(o => o.Describe()));
        return false;
    }

    /// <summary>What DESCRIBE FUNCTION prints; null for an unknown name.</summary>
    /// <param name="name">Name in any case.</param>
    public FunctionDescription? Describe(string name)
    {
        if (_functions.TryGetValue(name, out var functions))
        {
            var first = functions[0].Description;
            var kind = functions[0].IsTableFunction ? "TABLE" : "SCALAR";
            var text = functions.Select(f => f.Description.Description).FirstOrDefault(d => d.Length > 0, string.Empty);
            return new FunctionDescription(first.Name, kind, first.Category, text, [.. functions.Select(f => f.Describe())]);
        }

        if (!_aggregates.TryGetValue(name, out var aggregates))
        {
            return null;
        }

        var aggregate = aggregates[0].Description;
        var description = aggregates.Select(a => a.Description.Description).FirstOrDefault(d => d.Length > 0, string.Empty);
        return new FunctionDescription(
            aggregate.Name, "AGGREGATE", "AGGREGATE", description, [.. aggregates.Select(a => a.Describe())]);
    }

    private static void Add<T>(Dictionary<string, List<T>> functions, string name, T signature)
    {
        if (!functions.TryGetValue(name, out var overloads))
        {
            functions[name] = overloads = [];
        }

        overloads.Add(signature);
    }

    private static string Explain(
        string name, IEnumerable<FunctionArgument> arguments, bool ambiguous, IEnumerable<FunctionOverload> overloads)
    {
        var given = string.Join(", ", arguments.Select(a => a switch
        {
            ValueArgument { Type: { } type } => type.ToString(),
            ValueArgument => "NULL",
            LambdaArgument => "LAMBDA",
            _ => "INTERVALUNIT",
        }));
        var known = string.Join("; ", overloads.Select(o =>
            $"{name}({string.Join(", ", o.Parameters.Select(p => p.Type + (p.IsVariadic ? "..." : string.Empty)))})"));
        return ambiguous
            ? $"The call {name}({given}) is ambiguous. Cast NULL arguments to a type. Overloads: {known}."
            : $"Function {name} does not take ({given}). Overloads: {known}.";
    }
}
