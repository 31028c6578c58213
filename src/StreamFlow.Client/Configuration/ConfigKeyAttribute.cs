namespace StreamFlow.Client.Configuration;

/// <summary>The name under which a property file sets this option; the names are Kafka's.</summary>
/// <param name="key">The key, such as <c>linger.ms</c>. Keys that end in <c>.ms</c> belong to options of type <see
/// cref="TimeSpan"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigKeyAttribute(string key) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}
