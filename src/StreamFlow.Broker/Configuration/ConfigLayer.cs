namespace StreamFlow.Broker.Configuration;

/// <summary>One of the values that a setting has; the first of a list is in force.</summary>
/// <param name="Name">The name it was set under.</param>
/// <param name="Value">The value; null when it is a secret.</param>
/// <param name="Source">Who set it, as DescribeConfigs numbers it: see <see cref="ConfigSources"/>.</param>
internal readonly record struct ConfigLayer(string Name, string? Value, sbyte Source);
