using System.Globalization;

namespace StreamFlow.Cli.Shell;

/// <summary>Times on the command line.</summary>
internal static class Times
{
    /// <summary>Milliseconds since 1970 of an ISO 8601 text (UTC when it names no zone) or of a number.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static long Parse(string option, string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return milliseconds;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw new UsageException($"{option} {text}: expected a time such as 2026-01-31T12:00:00Z or milliseconds since 1970");
    }
}
