using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using StreamFlow.Core.Errors;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>The settings of an options record by their keys.</summary>
/// <typeparam name="T">The record.</typeparam>
internal static class OptionKeys<T>
{
    private static readonly ImmutableSortedDictionary<string, PropertyInfo> Properties = typeof(T).GetProperties()
        .Where(p => p.GetCustomAttribute<KafkaKeyAttribute>() is not null)
        .ToImmutableSortedDictionary(p => p.GetCustomAttribute<KafkaKeyAttribute>()!.Key, p => p, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Properties.Keys;

    public static bool IsSecret(string key) =>
        Properties.TryGetValue(key, out var property) && property.GetCustomAttribute<KafkaKeyAttribute>()!.IsSecret;

    public static bool Has(string key) => Properties.ContainsKey(key);

    /// <summary>The type of a setting's values; text when there is no such setting.</summary>
    public static LogConfigType TypeOf(string key) => WithoutNull(Properties.GetValueOrDefault(key)?.PropertyType) switch
    {
        var type when type == typeof(bool) => LogConfigType.Boolean,
        var type when type == typeof(int) => LogConfigType.Int32,
        var type when type == typeof(long) => LogConfigType.Int64,
        var type when type == typeof(ImmutableArray<string>) => LogConfigType.List,
        _ => LogConfigType.String,
    };

    /// <summary>Every key with its value as text; null values are left out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Show(T options)
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

    /// <summary>Sets a value on a copy that is not seen by anybody else yet.</summary>
    /// <returns>False when there is no such key.</returns>
    /// <exception cref="ConfigurationException">The value cannot be read.</exception>
    public static bool TrySet(T copy, string key, string value)
    {
        if (!Properties.TryGetValue(key, out var property))
        {
            return false;
        }

        property.SetValue(copy, Parse(key, value, WithoutNull(property.PropertyType)!));
        return true;
    }

    private static Type? WithoutNull(Type? type) => type is null ? null : Nullable.GetUnderlyingType(type) ?? type;

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
