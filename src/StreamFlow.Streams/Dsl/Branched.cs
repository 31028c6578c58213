namespace StreamFlow.Streams.Dsl;

/// <summary>How a branch of a split is named and used.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed record Branched<TKey, TValue>
{
    /// <summary>The branch's name behind that of the split; null: its position, counted from 1, and 0 for the default branch.</summary>
    public string? Name { get; init; }

    /// <summary>What to do with the branch; null: it is only in the result of the split.</summary>
    public Func<KStream<TKey, TValue>, KStream<TKey, TValue>>? Chain { get; init; }

    /// <summary>Names the branch.</summary>
    public static Branched<TKey, TValue> As(string name) => new() { Name = name };

    /// <summary>Applies a function to the branch; its result is in the result of the split.</summary>
    public static Branched<TKey, TValue> With(Func<KStream<TKey, TValue>, KStream<TKey, TValue>> chain) => new() { Chain = chain };
}
