namespace StreamFlow.Storage.Tests;

/// <summary>A test that needs Apache Kafka and Java; it says so where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaFactAttribute : FactAttribute
{
    public KafkaFactAttribute()
    {
        if (KafkaKit.IsMissing)
        {
            Skip = "needs ../shared/kafka and Java";
        }
    }
}
