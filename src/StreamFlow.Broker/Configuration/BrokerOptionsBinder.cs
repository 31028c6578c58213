using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Configuration;

/// <summary>Reads and shows <see cref="BrokerOptions"/> under Kafka's keys.</summary>
internal static class BrokerOptionsBinder
{
    private static readonly ImmutableSortedDictionary<string, PropertyInfo> Properties = typeof(BrokerOptions).GetProperties()
        .Where(p => p.GetCustomAttribute<KafkaKeyAttribute>() is not null)
        .ToImmutableSortedDictionary(p => p.GetCustomAttribute<KafkaKeyAttribute>()!.Key, p => p, StringComparer.Ordinal);

    /// <summary>Every key with its value as text; null values are left out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Show(BrokerOptions options)
    {
        foreach (var (key, property) in Properties)
        {
            var value = property.GetValue(options);
            var text = value switch
            {
                null => null,
                ImmutableArray<string> list => string.Join(",", list),
                bool flag => flag ? "true" : "false",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture),
            };
            if (text is not null)
            {
                yield return new(key, text);
            }
        }
    }

    public static BrokerOptions Bind(IEnumerable<KeyValuePair<string, string>> properties, BrokerOptions start)
    {
        // The copy is this method's own until it returns, so setting its init-only properties is not seen by anybody.
        var options = start with { };
        var topicDefaults = start.TopicDefaults.ToBuilder();
        foreach (var (key, value) in properties)
        {
            if (Properties.TryGetValue(key, out var property))
            {
                property.SetValue(options, Parse(key, value, property.PropertyType));
            }
            else if (TopicConfigKeys.ByAnyName(key) is { } topicConfig)
            {
                TopicConfigKeys.Check(topicConfig, value);
                topicDefaults[topicConfig.Name] = value;
            }
            else
            {
                throw new ConfigurationException(
                    $"'{key}' is not a broker setting; known are {string.Join(", ", Properties.Keys)} and topic settings");
            }
        }

        return options with { TopicDefaults = topicDefaults.ToImmutable() };
    }

    private static object Parse(string key, string value, Type type)
    {
        if (type == typeof(string))
        {
            return value;
        }

        if (type == typeof(ImmutableArray<string>))
        {
            return value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();
        }

        if (type == typeof(bool) && bool.TryParse(value, out var flag))
        {
            return flag;
        }

        if (type == typeof(int) && int.TryParse(value, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        if (type == typeof(long) && long.TryParse(value, CultureInfo.InvariantCulture, out var large))
        {
            return large;
        }

        throw new ConfigurationException($"'{value}' is not a value for {key}: {type.Name} is wanted");
    }
}
