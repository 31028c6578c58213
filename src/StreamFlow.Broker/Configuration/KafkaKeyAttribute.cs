namespace StreamFlow.Broker.Configuration;

/// <summary>The name under which Kafka's configuration files know a setting.</summary>
/// <param name="key">Such as <c>num.partitions</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KafkaKeyAttribute(string key) : Attribute
{
    public string Key { get; } = key;

    /// <summary>Whether the value is a secret, which is shown nowhere.</summary>
    public bool IsSecret { get; init; }
}
