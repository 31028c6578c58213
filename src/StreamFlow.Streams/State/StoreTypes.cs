using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.State;

/// <summary>Gives a store out as an interface it has, or says which ones it has.</summary>
internal static class StoreTypes
{
    /// <summary>The store as an interface.</summary>
    /// <exception cref="StreamsException">It has another one.</exception>
    public static TStore As<TStore>(IStateStore store)
        where TStore : class =>
        store as TStore ?? throw new StreamsException(
            $"store '{store.Name}' cannot be read as {Name(typeof(TStore))}; it is {string.Join(" and ", Interfaces(store.GetType()))}");

    private static IEnumerable<string> Interfaces(Type type)
    {
        var open = type.GetInterfaces().Where(i => i.IsGenericType && typeof(IStateStore).IsAssignableFrom(i)).Select(Name);
        return open.DefaultIfEmpty("a store of an operator's own");
    }

    /// <summary>A type as it is written in C#.</summary>
    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
