using System.Globalization;
using System.Text.RegularExpressions;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>The settings of a subscription to client metrics (KIP-714).</summary>
internal static class ClientMetricsKeys
{
    public const string Interval = "interval.ms";
    public const string Metrics = "metrics";
    public const string Match = "match";
    public const int DefaultIntervalMs = 300_000;
    private const int ShortestIntervalMs = 100;
    private const int LongestIntervalMs = 3_600_000;

    /// <summary>What clients can be chosen by.</summary>
    private static readonly string[] Selectors =
    [
        "client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address",
        "client_source_port",
    ];

    /// <summary>Every setting with its type and default.</summary>
    public static IReadOnlyList<(string Name, LogConfigType Type, string Default, string Description)> All { get; } =
    [
        (Interval, LogConfigType.Int32, $"{DefaultIntervalMs}", "How often clients push their metrics (ms)."),
        (Match, LogConfigType.List, "", "Which clients are meant: selector=pattern, all of them; empty for every client."),
        (Metrics, LogConfigType.List, "", "Prefixes of the names of wanted metrics; * for all."),
    ];

    /// <summary>What is wrong with a value that cannot be read as a number or a known setting; null when nothing is.</summary>
    public static string? WhyUnusable(string key, string value) => key switch
    {
        Interval => int.TryParse(value, CultureInfo.InvariantCulture, out var ms) && ms is >= ShortestIntervalMs and <= LongestIntervalMs
            ? null
            : $"{Interval}={value}: a number from {ShortestIntervalMs} to {LongestIntervalMs} is wanted",
        Metrics or Match => null,
        _ => $"'{key}' is not a setting of client metrics; there are {Interval}, {Match}, {Metrics}",
    };

    /// <summary>What is wrong with a choice of clients; null when nothing is.</summary>
    public static string? WhyNoMatch(string key, string value) =>
        key != Match || TryParseMatch(value, out _)
            ? null : $"{Match}={value}: selector=pattern is wanted, with one of {string.Join(", ", Selectors)}";

    /// <summary>Reads a choice of clients.</summary>
    public static bool TryParseMatch(string value, out Dictionary<string, Regex> patterns)
    {
        patterns = new Dictionary<string, Regex>(StringComparer.Ordinal);
        foreach (var part in TopicConfigKeys.Split(value))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !Selectors.Contains(part[..equals].Trim()))
            {
                return false;
            }

            try
            {
                // A linear-time engine: a pattern of an administrator must not be able to hold up clients.
                patterns[part[..equals].Trim()] = new Regex(
                    $@"\A(?:{part[(equals + 1)..].Trim()})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                return false;
            }
        }

        return true;
    }
}
