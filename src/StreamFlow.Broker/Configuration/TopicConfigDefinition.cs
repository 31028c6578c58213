using System.Globalization;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Configuration;

/// <summary>A topic setting: its names, type, default and what its values may be.</summary>
/// <param name="Name">The topic's name for it, such as <c>retention.ms</c>.</param>
/// <param name="Type">How its text is read.</param>
/// <param name="Default">Kafka's default.</param>
/// <param name="BrokerName">The broker-wide name, such as <c>log.retention.ms</c>; null when there is none.</param>
/// <param name="Minimum">The smallest number allowed.</param>
/// <param name="Allowed">The words allowed, null for any.</param>
internal sealed record TopicConfigDefinition(
    string Name, ConfigType Type, string Default, string? BrokerName, double Minimum = double.MinValue, string[]? Allowed = null)
{
    /// <summary>Checks a value.</summary>
    /// <exception cref="ConfigurationException">The text is not of the type or outside what is allowed.</exception>
    public void Check(string value)
    {
        var isValid = Type switch
        {
            ConfigType.Boolean => bool.TryParse(value, out _),
            ConfigType.Int => int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= Minimum,
            ConfigType.Long => long.TryParse(value, CultureInfo.InvariantCulture, out var large) && large >= Minimum,
            ConfigType.Double => double.TryParse(value, CultureInfo.InvariantCulture, out var real) && real >= Minimum && real <= 1,
            ConfigType.List => Array.TrueForAll(Split(value), IsAllowed),
            _ => IsAllowed(value),
        };
        if (!isValid)
        {
            throw new ConfigurationException($"Invalid value {value} for configuration {Name}: {Wanted()}");
        }
    }

    /// <summary>The elements of a list value.</summary>
    public static string[] Split(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private bool IsAllowed(string value) => Allowed is null || Allowed.Contains(value, StringComparer.Ordinal);

    private string Wanted() => Allowed is not null
        ? $"one of {string.Join(", ", Allowed)}"
        : Minimum > double.MinValue ? $"a number from {Minimum.ToString(CultureInfo.InvariantCulture)}" : Type.ToString();
}
