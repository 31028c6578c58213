using StreamFlow.Core.Errors;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>Reads and shows <see cref="BrokerOptions"/> under Kafka's keys.</summary>
internal static class BrokerOptionsBinder
{
    private const string ListenerPrefix = "listener.name.";

    /// <summary>Every key with its value as text; null values are left out. The values of secrets are null.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Show(BrokerOptions options)
    {
        var listeners = options.ListenerSettings.Select(s => KeyValuePair.Create(ListenerPrefix + s.Key, s.Value));
        return OptionKeys<BrokerOptions>.Show(options)
            .Concat(OptionKeys<SecurityOptions>.Show(options.Security))
            .Concat(listeners)
            .Select(s => KeyValuePair.Create(s.Key, IsSecret(s.Key) ? null : s.Value))
            .OrderBy(s => s.Key, StringComparer.Ordinal);
    }

    /// <summary>Whether a key's value is a secret. A setting of a listener is if it ends as a secret one does.</summary>
    public static bool IsSecret(string key)
    {
        if (!key.StartsWith(ListenerPrefix, StringComparison.Ordinal))
        {
            return OptionKeys<BrokerOptions>.IsSecret(key) || OptionKeys<SecurityOptions>.IsSecret(key)
                || UnusedSettings.Find(key)?.IsSecret == true;
        }

        // A misspelt setting may hold a secret as well; only known ones are shown.
        var known = OptionKeys<SecurityOptions>.Names.FirstOrDefault(n => key.EndsWith("." + n, StringComparison.Ordinal));
        return known is null || OptionKeys<SecurityOptions>.IsSecret(known);
    }

    /// <summary>Whether there is a setting of the name that holds from the start on; defaults of topics can be changed later.</summary>
    public static bool IsKnown(string key) =>
        OptionKeys<BrokerOptions>.Has(key) || OptionKeys<SecurityOptions>.Has(key) || BrokerSynonyms.Find(key) is not null
        || UnusedSettings.Find(key) is not null;

    /// <summary>The type of a setting's values.</summary>
    public static LogConfigType TypeOf(string key) =>
        OptionKeys<BrokerOptions>.Has(key) ? OptionKeys<BrokerOptions>.TypeOf(key) : OptionKeys<SecurityOptions>.TypeOf(key);

    public static BrokerOptions Bind(IEnumerable<KeyValuePair<string, string>> properties, BrokerOptions start)
    {
        // The copies are this method's own until it returns, so setting their init-only properties is not seen by anybody.
        var options = start with { };
        var security = start.Security with { };
        var given = start.GivenTopicDefaults.ToBuilder();
        var unused = start.GivenUnused.ToBuilder();
        var listeners = start.ListenerSettings.ToBuilder();
        foreach (var (key, value) in properties)
        {
            if (OptionKeys<BrokerOptions>.TrySet(options, key, value) || OptionKeys<SecurityOptions>.TrySet(security, key, value))
            {
                continue;
            }

            if (key.StartsWith(ListenerPrefix, StringComparison.Ordinal))
            {
                listeners[key[ListenerPrefix.Length..]] = value;
            }
            else if (TopicConfigKeys.ByAnyName(key) is { } topicConfig)
            {
                TopicConfigKeys.Check(topicConfig, value);
                given[key] = value;
            }
            else if (BrokerSynonyms.Find(key) is { } synonym)
            {
                synonym.Check(value);
                given[key] = value;
            }
            else if (UnusedSettings.Find(key) is { } setting)
            {
                unused[key] = setting.WhyUnusable(value) is { } problem ? throw new ConfigurationException(problem) : value;
            }
            else
            {
                var known = OptionKeys<BrokerOptions>.Names.Concat(OptionKeys<SecurityOptions>.Names).Order(StringComparer.Ordinal);
                throw new ConfigurationException(
                    $"'{key}' is not a broker setting; known are {string.Join(", ", known)}, listener.name.* and topic settings");
            }
        }

        return options with
        {
            Security = security,
            GivenTopicDefaults = given.ToImmutable(),
            GivenUnused = unused.ToImmutable(),
            TopicDefaults = start.TopicDefaults.SetItems(BrokerSynonyms.TopicDefaultsOf(given)),
            ListenerSettings = listeners.ToImmutable(),
        };
    }
}
