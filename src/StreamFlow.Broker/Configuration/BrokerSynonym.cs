using System.Globalization;
using StreamFlow.Core.Errors;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>A broker's setting that stands in for another one that is not set, in another unit perhaps.</summary>
/// <param name="Name">Such as <c>log.retention.minutes</c>.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="UnitMs">What one of it is in milliseconds.</param>
/// <param name="Default">Kafka's default; null when it has none.</param>
internal sealed record BrokerSynonym(string Name, LogConfigType Type, long UnitMs, string? Default)
{
    /// <summary>Checks a value.</summary>
    /// <exception cref="ConfigurationException">It is no number.</exception>
    public void Check(string value)
    {
        var most = Type == LogConfigType.Int32 ? int.MaxValue : long.MaxValue;
        var isNumber = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (!isNumber || number < -1 || number > most)
        {
            throw new ConfigurationException($"Invalid value {value} for configuration {Name}: a number from -1 to {most} is wanted");
        }
    }

    /// <summary>The value in milliseconds; a negative one stays -1, which stands for no limit.</summary>
    public string InMilliseconds(string value)
    {
        var number = long.Parse(value, CultureInfo.InvariantCulture);
        return (number < 0 ? -1 : number > long.MaxValue / UnitMs ? long.MaxValue : number * UnitMs).ToString(CultureInfo.InvariantCulture);
    }
}
