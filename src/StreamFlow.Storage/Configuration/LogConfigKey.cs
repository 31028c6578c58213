using System.Globalization;

namespace StreamFlow.Storage.Configuration;

/// <summary>One setting of a topic.</summary>
public sealed class LogConfigKey
{
    private readonly Func<string, string?> _check;
    private readonly Func<LogConfig, string, LogConfig>? _apply;
    private readonly Func<LogConfig, string>? _read;
    private readonly string _default;

    internal LogConfigKey(
        string name,
        string brokerName,
        LogConfigType type,
        string description,
        string defaultValue,
        Func<string, string?> check,
        Func<LogConfig, string, LogConfig>? apply = null,
        Func<LogConfig, string>? read = null)
    {
        (Name, BrokerName, Type, Description, _default) = (name, brokerName, type, description, defaultValue);
        (_check, _apply, _read) = (check, apply, read);
    }

    /// <summary>Kafka's key.</summary>
    public string Name { get; }

    /// <summary>The key that sets the same for all topics of a broker; empty when there is none.</summary>
    public string BrokerName { get; }

    /// <summary>The type of the value.</summary>
    public LogConfigType Type { get; }

    /// <summary>What it does, in a sentence.</summary>
    public string Description { get; }

    /// <summary>Kafka's default, as text.</summary>
    public string Default => Read(LogConfig.Default);

    /// <summary>Null when the value is allowed, else what is wrong and what is allowed.</summary>
    public string? Check(string value) => _check(value) is { } allowed ? $"{Name}={value}: {allowed}" : null;

    /// <summary>The value that the settings have, as text.</summary>
    public string Read(LogConfig config) => _read is null ? _default : _read(config);

    internal LogConfig Apply(LogConfig config, string value) => _apply is null ? config : _apply(config, value);

    internal static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
