namespace StreamFlow.Streams.Processors;

/// <summary>
/// Decides whether user code sees an absent key or value: for reference types and <see cref="Nullable{T}"/> it does, as null;
/// a plain value type has no null to show. The JIT folds the test away.
/// </summary>
internal static class NullRule<T>
{
    /// <summary>Whether the type itself can say "absent".</summary>
    public static bool HasNull => default(T) is null;
}
