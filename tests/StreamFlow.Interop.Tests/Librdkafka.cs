using System.Runtime.InteropServices;

namespace StreamFlow.Interop.Tests;

/// <summary>The native half of Confluent.Kafka.</summary>
internal static class Librdkafka
{
    public static string? WhyMissing { get; } = Find();

    private static string? Find()
    {
        if (!NativeLibrary.TryLoad("librdkafka.so.1", out var library))
        {
            return "librdkafka1 is not installed";
        }

        NativeLibrary.Free(library);
        return null;
    }
}

/// <summary>A theory that is skipped, visibly, without librdkafka.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryOnLibrdkafkaAttribute : TheoryAttribute
{
    public TheoryOnLibrdkafkaAttribute() => Skip = Librdkafka.WhyMissing;
}

/// <summary>A fact that is skipped, visibly, without librdkafka.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactOnLibrdkafkaAttribute : FactAttribute
{
    public FactOnLibrdkafkaAttribute() => Skip = Librdkafka.WhyMissing;
}
