namespace StreamFlow.Protocol.Tests.Support;

/// <summary>A theory over Kafka's own message files; skipped when they do not lie beside the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KafkaMessagesTheoryAttribute : TheoryAttribute
{
    public KafkaMessagesTheoryAttribute()
    {
        if (Repository.KafkaMessages is null)
        {
            Skip = "needs Kafka's message files in ../shared/reference/kafka-messages";
        }
    }
}
