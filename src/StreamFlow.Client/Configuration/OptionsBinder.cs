using System.Globalization;
using System.Reflection;
using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Configuration;

/// <summary>Fills options records from Kafka's textual settings, by their <see cref="ConfigKeyAttribute"/>.</summary>
public static class OptionsBinder
{
    // What every record's "with" does; it cannot be named for a type parameter.
    private static readonly MethodInfo MemberwiseCopy =
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>Copies <paramref name="defaults"/> and sets what the properties name.</summary>
    /// <typeparam name="T">The options record.</typeparam>
    /// <param name="defaults">The values of options that the properties do not name.</param>
    /// <param name="properties">Settings by Kafka's names.</param>
    /// <param name="validate">Finds what is wrong with the filled options.</param>
    /// <exception cref="ConfigurationException">Names that are not known, values that cannot be read, and every problem found by <paramref
    /// name="validate"/>.</exception>
    public static T Bind<T>(T defaults, IEnumerable<KeyValuePair<string, string>> properties, Func<T, IReadOnlyList<string>> validate)
        where T : class
    {
        var byKey = PropertiesOf(typeof(T));
        var options = (T)MemberwiseCopy.Invoke(defaults, null)!;
        var problems = new List<string>();
        foreach (var (key, text) in properties)
        {
            if (!byKey.TryGetValue(key, out var property))
            {
                problems.Add($"'{key}' is not a setting here; known are {string.Join(", ", byKey.Keys.Order(StringComparer.Ordinal))}");
            }
            else if (TryParse(property.PropertyType, text.Trim(), out var value))
            {
                property.SetValue(options, value);
            }
            else
            {
                problems.Add($"'{key}' cannot be '{text}': {Allowed(property.PropertyType)}");
            }
        }

        problems.AddRange(validate(options));
        ThrowIfAny(problems, typeof(T).Name);
        return options;
    }

    /// <summary>Whether an options record has a setting.</summary>
    /// <typeparam name="T">The options record.</typeparam>
    /// <param name="key">Kafka's name of the setting.</param>
    public static bool Knows<T>(string key) => PropertiesOf(typeof(T)).ContainsKey(key);

    /// <summary>Throws one error that names all problems.</summary>
    /// <param name="problems">What is wrong; empty is fine.</param>
    /// <param name="what">What the options are for.</param>
    /// <exception cref="ConfigurationException">There is a problem.</exception>
    public static void ThrowIfAny(IReadOnlyList<string> problems, string what)
    {
        if (problems.Count > 0)
        {
            throw new ConfigurationException($"{what}: {string.Join("; ", problems)}");
        }
    }

    private static Dictionary<string, PropertyInfo> PropertiesOf(Type type)
    {
        var byKey = new Dictionary<string, PropertyInfo>(StringComparer.Ordinal);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<ConfigKeyAttribute>() is { } attribute)
            {
                byKey.Add(attribute.Key, property);
            }
        }

        return byKey;
    }

    private static bool TryParse(Type type, string text, out object? value)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        if (target == typeof(string))
        {
            value = text;
        }
        else if (target == typeof(bool))
        {
            value = bool.TryParse(text, out var b) ? b : null;
        }
        else if (target == typeof(int))
        {
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null;
        }
        else if (target == typeof(long))
        {
            value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : null;
        }
        else if (target == typeof(TimeSpan))
        {
            value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms)
                && Math.Abs(ms) <= int.MaxValue
                ? TimeSpan.FromMilliseconds(ms)
                : null;
        }
        else if (target.IsEnum)
        {
            value = ParseEnum(target, text);
        }

        return value is not null;
    }

    // Kafka spells enum values in lower case with underscores, and acks as numbers.
    private static object? ParseEnum(Type type, string text) =>
        type == typeof(Producing.Acks) && text == "all" ? Producing.Acks.All
        : Enum.TryParse(type, text.Replace(
            "_", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(type, value) ? value
        : null;

    private static string Allowed(Type type)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        return target.IsEnum ? $"allowed are {string.Join(", ", Enum.GetNames(target)).ToLowerInvariant()}"
            : target == typeof(bool) ? "allowed are true and false"
            : target == typeof(TimeSpan) ? "it must be a number of milliseconds"
            : "it must be a number";
    }
}
