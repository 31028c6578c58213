namespace StreamFlow.Broker.Configuration;

/// <summary>Who set a setting, as DescribeConfigs numbers it.</summary>
internal static class ConfigSources
{
    /// <summary>Set on the topic.</summary>
    public const sbyte Topic = 1;

    /// <summary>Set for this broker while running.</summary>
    public const sbyte DynamicBroker = 2;

    /// <summary>Set for all brokers while running.</summary>
    public const sbyte DynamicDefault = 3;

    /// <summary>Set in the broker's own configuration.</summary>
    public const sbyte StaticBroker = 4;

    /// <summary>Nobody set it.</summary>
    public const sbyte Default = 5;

    /// <summary>Set on a subscription to client metrics.</summary>
    public const sbyte ClientMetrics = 7;

    /// <summary>Set on a group.</summary>
    public const sbyte Group = 8;
}
