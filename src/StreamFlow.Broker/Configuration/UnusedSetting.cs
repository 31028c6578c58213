using System.Globalization;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>A setting that Kafka's brokers have and that decides nothing here.</summary>
/// <param name="Name">Such as <c>num.io.threads</c>.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Default">Kafka's default; null when it has none.</param>
/// <param name="IsDynamic">Whether it may be changed while the broker runs.</param>
internal sealed record UnusedSetting(string Name, LogConfigType Type, string? Default, bool IsDynamic)
{
    /// <summary>Whether its value is shown to nobody.</summary>
    public bool IsSecret => Type == LogConfigType.Password;

    /// <summary>
    /// What is wrong with a value; null when nothing is. A class would be relied upon, so none but the default may be named.
    /// </summary>
    public string? WhyUnusable(string value) => Type switch
    {
        LogConfigType.Boolean when !bool.TryParse(value, out _) => $"{Name}={value}: true or false is wanted",
        LogConfigType.Int16 when !short.TryParse(value, CultureInfo.InvariantCulture, out _) => WhyNoNumber(value),
        LogConfigType.Int32 when !int.TryParse(value, CultureInfo.InvariantCulture, out _) => WhyNoNumber(value),
        LogConfigType.Int64 when !long.TryParse(value, CultureInfo.InvariantCulture, out _) => WhyNoNumber(value),
        LogConfigType.Double when !double.TryParse(value, CultureInfo.InvariantCulture, out _) => WhyNoNumber(value),
        LogConfigType.Class when value != Default => $"{Name}={value}: classes of Java cannot be loaded here; take the setting away",
        _ => null,
    };

    private string WhyNoNumber(string value) => $"{Name}={value}: a number of type {Type} is wanted";
}
