namespace StreamFlow.Client.Administration;

/// <summary>What a setting belongs to; the numbers are the protocol's.</summary>
public enum ConfigResourceType
{
    /// <summary>A topic.</summary>
    Topic = 2,

    /// <summary>A broker; with an empty name the defaults of all brokers.</summary>
    Broker = 4,

    /// <summary>The log levels of a broker.</summary>
    BrokerLogger = 8,

    /// <summary>Client metrics.</summary>
    ClientMetrics = 16,

    /// <summary>A group.</summary>
    Group = 32,
}

/// <summary>Something that has settings.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Name">Its name: the topic, the broker id, the group.</param>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name);

/// <summary>Where a setting's value comes from; the numbers are the protocol's.</summary>
public enum ConfigSource
{
    /// <summary>Not told.</summary>
    Unknown = 0,

    /// <summary>Set on the topic.</summary>
    Topic = 1,

    /// <summary>Set on the broker while it runs.</summary>
    DynamicBroker = 2,

    /// <summary>Set for all brokers while they run.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>From the broker's file.</summary>
    StaticBroker = 4,

    /// <summary>The built-in default.</summary>
    Default = 5,

    /// <summary>A log level.</summary>
    DynamicBrokerLogger = 6,

    /// <summary>A client metrics subscription.</summary>
    ClientMetrics = 7,

    /// <summary>Set on the group.</summary>
    Group = 8,
}

/// <summary>A setting.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null when it has none or is sensitive.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="IsSensitive">Whether the value is kept secret.</param>
/// <param name="IsReadOnly">Whether it can be changed while the broker runs.</param>
public sealed record ConfigEntry(string Name, string? Value, ConfigSource Source, bool IsSensitive, bool IsReadOnly);

/// <summary>What to do with a setting; the numbers are the protocol's.</summary>
public enum ConfigOperation
{
    /// <summary>Set it.</summary>
    Set = 0,

    /// <summary>Back to its default.</summary>
    Delete = 1,

    /// <summary>Add to a list.</summary>
    Append = 2,

    /// <summary>Take from a list.</summary>
    Subtract = 3,
}

/// <summary>A change of a setting.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Value">Its value; null with <see cref="ConfigOperation.Delete"/>.</param>
/// <param name="Operation">What to do.</param>
public sealed record ConfigChange(string Name, string? Value, ConfigOperation Operation = ConfigOperation.Set);
