using System.Globalization;

namespace StreamFlow.Streams.Topologies;

/// <summary>The types of the keys and values that a store or topic holds.</summary>
/// <param name="Key">The keys' type.</param>
/// <param name="Value">The values' type.</param>
internal sealed record TypePair(Type Key, Type Value)
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(short)] = "short", [typeof(int)] = "int", [typeof(long)] = "long",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static TypePair Of<TKey, TValue>() => new(typeof(TKey), typeof(TValue));

    /// <summary>
    /// A type as C# writes it, without namespaces and assembly versions: what moves to another namespace is still the same.
    /// </summary>
    public static string NameOf(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return NameOf(underlying) + "?";
        }

        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        var name = type.Name;
        var arity = name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0
            ? name
            : string.Create(CultureInfo.InvariantCulture,
                $"{name[..arity]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>");
    }
}
