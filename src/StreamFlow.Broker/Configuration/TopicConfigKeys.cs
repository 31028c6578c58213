using System.Collections.Frozen;
using StreamFlow.Core.Errors;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>Finds topic settings under the names that topics and brokers have for them.</summary>
internal static class TopicConfigKeys
{
    private static readonly FrozenDictionary<string, LogConfigKey> ByBrokerName =
        LogConfigKeys.All.Where(k => k.BrokerName.Length > 0).ToFrozenDictionary(k => k.BrokerName, StringComparer.Ordinal);

    /// <summary>The setting under the topic's or the broker's name for it, or null.</summary>
    public static LogConfigKey? ByAnyName(string name) => LogConfigKeys.Find(name) ?? ByBrokerName.GetValueOrDefault(name);

    /// <summary>Checks a value.</summary>
    /// <exception cref="ConfigurationException">The value is not allowed.</exception>
    public static void Check(LogConfigKey key, string value)
    {
        if (key.Check(value) is { } problem)
        {
            throw new ConfigurationException($"Invalid value {value} for configuration {key.Name}: {problem}");
        }
    }

    /// <summary>The elements of a list value.</summary>
    public static string[] Split(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
