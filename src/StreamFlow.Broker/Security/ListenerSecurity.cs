using StreamFlow.Broker.Configuration;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Security;

/// <summary>Finds the settings of one listener, and of one SASL mechanism of it: the more special goes before the general.</summary>
internal static class ListenerSecurity
{
    /// <summary>The settings of a listener.</summary>
    /// <param name="options">The broker's settings.</param>
    /// <param name="listener">The listener's name.</param>
    /// <param name="mechanism">The SASL mechanism, or null for what all of them share.</param>
    /// <exception cref="ConfigurationException">A setting of the listener is not known or cannot be read.</exception>
    public static SecurityOptions Of(BrokerOptions options, string listener, string? mechanism = null)
    {
        var settings = options.Security with { };
        Overlay(settings, options, $"{Lower(listener)}.");
        if (mechanism is not null)
        {
            Overlay(settings, options, $"{Lower(listener)}.{Lower(mechanism)}.");
        }

        return settings;
    }

    /// <summary>Checks that every setting of a listener names a listener and a setting that there are.</summary>
    /// <exception cref="ConfigurationException">One of them does not; secrets are not repeated.</exception>
    public static void Check(BrokerOptions options, IReadOnlyList<string> listeners)
    {
        foreach (var key in options.ListenerSettings.Keys)
        {
            if (!listeners.Any(l => IsSettingOf(key, $"{Lower(l)}.")))
            {
                throw new ConfigurationException(
                    $"'listener.name.{key}' fits no listener ({string.Join(", ", listeners)}) or is no setting of one; "
                        + "write listener.name.NAME.KEY or listener.name.NAME.MECHANISM.KEY with the name in lower case");
            }
        }
    }

    private static bool IsSettingOf(string key, string prefix)
    {
        if (!key.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = key[prefix.Length..];
        var mechanism = SaslMechanisms.All.FirstOrDefault(m => rest.StartsWith($"{Lower(m)}.", StringComparison.Ordinal));
        return OptionKeys<SecurityOptions>.Names.Contains(mechanism is null ? rest : rest[(mechanism.Length + 1)..]);
    }

    private static void Overlay(SecurityOptions copy, BrokerOptions options, string prefix)
    {
        foreach (var (key, value) in options.ListenerSettings)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                // A key of a mechanism is none of the listener's own and is left out here.
                OptionKeys<SecurityOptions>.TrySet(copy, key[prefix.Length..], value);
            }
        }
    }

#pragma warning disable CA1308 // Kafka's keys have the names in lower case
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
