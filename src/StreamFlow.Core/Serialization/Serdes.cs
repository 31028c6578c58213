using System.Text.Json.Serialization.Metadata;

namespace StreamFlow.Core.Serialization;

/// <summary>The serdes that come with StreamFlow; the primitive ones write the same bytes as Kafka's.</summary>
public static class Serdes
{
    /// <summary>UTF-8 text.</summary>
    public static Serde<string> String { get; } = new StringSerde();

    /// <summary>The bytes themselves.</summary>
    public static Serde<byte[]> Bytes { get; } = new BytesSerde();

    /// <summary>4 bytes, two's complement, big-endian.</summary>
    public static Serde<int> Int32 { get; } = new Int32Serde();

    /// <summary>8 bytes, two's complement, big-endian.</summary>
    public static Serde<long> Int64 { get; } = new Int64Serde();

    /// <summary>8 bytes, IEEE 754, big-endian.</summary>
    public static Serde<double> Double { get; } = new DoubleSerde();

    /// <summary>The 36 characters of the usual text form, as Kafka's UUID serde writes it.</summary>
    public static Serde<Guid> Guid { get; } = new GuidSerde();

    /// <summary>JSON through System.Text.Json with source-generated metadata.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="typeInfo">The metadata, from a <c>JsonSerializerContext</c>.</param>
    public static Serde<T> Json<T>(JsonTypeInfo<T> typeInfo) => new JsonSerde<T>(typeInfo);

    /// <summary>A serde of the nullable form of a value type. Null itself still never reaches it.</summary>
    public static Serde<T?> Nullable<T>(Serde<T> inner)
        where T : struct => new NullableSerde<T>(inner);

    /// <summary>
    /// The built-in serde of a type: string, byte[], int, long, double, Guid and the nullable forms of the value types.
    /// </summary>
    /// <returns>Null when there is none.</returns>
    public static Serde<T>? Default<T>() => Builtin(typeof(T)) as Serde<T>;

    private static object? Builtin(Type type) =>
        type == typeof(string) ? String
        : type == typeof(byte[]) ? Bytes
        : type == typeof(int) ? Int32
        : type == typeof(long) ? Int64
        : type == typeof(double) ? Double
        : type == typeof(Guid) ? Guid
        : type == typeof(int?) ? Nullable(Int32)
        : type == typeof(long?) ? Nullable(Int64)
        : type == typeof(double?) ? Nullable(Double)
        : type == typeof(Guid?) ? Nullable(Guid)
        : null;
}
