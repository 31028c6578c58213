using System.Globalization;
using StreamFlow.Core.Errors;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Metadata;

/// <summary>Checks the settings that a topic is to have.</summary>
internal static class TopicSettings
{
    /// <summary>Checks new values, and whether all fit together.</summary>
    public static AdminResult Check(IReadOnlyList<KeyValuePair<string, string>> changed, IReadOnlyDictionary<string, string> all)
    {
        foreach (var (name, value) in changed)
        {
            if (LogConfigKeys.Find(name) is not { } key)
            {
                return new AdminResult(ErrorCode.InvalidConfig, $"'{name}' is not a topic setting.");
            }

            if (key.Check(value) is { } problem)
            {
                return new AdminResult(ErrorCode.InvalidConfig, problem);
            }
        }

        var (least, most) = (Number(all, "min.compaction.lag.ms"), Number(all, "max.compaction.lag.ms"));
        return least > most
            ? new AdminResult(ErrorCode.InvalidConfig, $"min.compaction.lag.ms={least} lies above max.compaction.lag.ms={most}.")
            : AdminResult.Success;
    }

    /// <summary>A value set on the topic; null when none is.</summary>
    private static long? Number(IReadOnlyDictionary<string, string> all, string name) =>
        all.TryGetValue(name, out var value) ? long.Parse(value, CultureInfo.InvariantCulture) : null;
}
