using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Processors;

/// <summary>Reads the end of a windowed key whose inner type is not known where it is needed, without boxing the key.</summary>
internal static class WindowEnd
{
    /// <exception cref="TopologyException">The key has no window.</exception>
    public static Func<TKey, long> Of<TKey>(string node)
    {
        if (!typeof(TKey).IsGenericType || typeof(TKey).GetGenericTypeDefinition() != typeof(Windowed<>))
        {
            throw new TopologyException($"node '{node}' waits for windows to close, but its table's key is a {typeof(TKey)}, not windowed");
        }

        var method = typeof(WindowEnd).GetMethod(
            nameof(Read), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        return method.MakeGenericMethod(typeof(TKey).GetGenericArguments()[0]).CreateDelegate<Func<TKey, long>>();
    }

    private static long Read<TInner>(Windowed<TInner> key) => key.Window.End;
}
