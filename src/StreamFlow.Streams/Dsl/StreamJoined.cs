using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Dsl;

/// <summary>How two streams are joined: serdes and names of their window stores and repartition topics.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">This stream's value type.</typeparam>
/// <typeparam name="TOther">The other stream's value type.</typeparam>
public sealed record StreamJoined<TKey, TValue, TOther>
{
    /// <summary>Writes keys; null takes this stream's.</summary>
    public Serde<TKey>? KeySerde { get; init; }

    /// <summary>Writes this stream's values; null takes its own.</summary>
    public Serde<TValue>? ValueSerde { get; init; }

    /// <summary>Writes the other stream's values; null takes its own.</summary>
    public Serde<TOther>? OtherSerde { get; init; }

    /// <summary>Names the operators and repartition topics; null to generate names.</summary>
    public string? Name { get; init; }

    /// <summary>Names the stores and their changelogs; null to generate names.</summary>
    public string? StoreName { get; init; }

    /// <summary>Whether the stores have changelogs.</summary>
    public bool IsLogged { get; init; } = true;

    /// <summary>Names the operators and repartition topics.</summary>
    public static StreamJoined<TKey, TValue, TOther> As(string name) => new() { Name = name };
}
