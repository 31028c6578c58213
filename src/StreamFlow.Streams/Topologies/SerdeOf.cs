using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Topologies;

/// <summary>Finds the serde of a node: the one given or inherited, else the built-in one of the type.</summary>
internal static class SerdeOf
{
    public static Serde<T> Key<T>(Serde<T>? given, string node) => given ?? Serdes.Default<T>() ?? throw Missing<T>("key", node);

    public static Serde<T> Value<T>(Serde<T>? given, string node) => given ?? Serdes.Default<T>() ?? throw Missing<T>("value", node);

    private static TopologyException Missing<T>(string half, string node) =>
        new($"node '{node}' has no {half} serde for {typeof(T)}; give one in its Consumed, Produced, Grouped, Materialized or Joined");
}
