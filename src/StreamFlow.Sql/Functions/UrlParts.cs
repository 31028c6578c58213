using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>
/// The parts of a URI reference as written (RFC 3986, appendix B). <see cref="Uri"/> normalises, and so loses what was written.
/// </summary>
internal sealed partial record UrlParts(string? Scheme, string? Host, int? Port, string? Path, string? Query, string? Fragment)
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" \"<>\\^`{|}\t\r\n");

    public static UrlParts Parse(string url)
    {
        if (url.AsSpan().ContainsAny(Forbidden) || BadEscape().IsMatch(url))
        {
            throw new SqlEvaluationException($"'{url}' is no URL.");
        }

        var match = Reference().Match(url);
        var scheme = Text(match, "scheme");
        var rest = match.Groups["path"].Value;
        if (scheme is not null && Text(match, "authority") is null && !rest.StartsWith('/'))
        {
            // mailto:me@host has no path, host or query in the sense of these functions.
            return rest.Length > 0
                ? new UrlParts(scheme, null, null, null, null, Text(match, "fragment"))
                : throw new SqlEvaluationException($"'{url}' is no URL.");
        }

        var (host, port) = HostAndPort(url, Text(match, "authority"));
        return new UrlParts(scheme, host, port, rest, Text(match, "query"), Text(match, "fragment"));
    }

    private static (string? Host, int? Port) HostAndPort(string url, string? authority)
    {
        if (string.IsNullOrEmpty(authority))
        {
            return (null, null);
        }

        var host = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = host.LastIndexOf(':');
        if (colon < 0 || host.EndsWith(']'))
        {
            return (host, null);
        }

        if (colon == host.Length - 1)
        {
            return (host[..colon], null);
        }

        return int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (host[..colon], port)
            : throw new SqlEvaluationException($"'{url}' has no valid port.");
    }

    private static string? Text(Match match, string group) => match.Groups[group].Success ? match.Groups[group].Value : null;

    [GeneratedRegex(
        @"^(?:(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*):)?(?://(?<authority>[^/?#]*))?"
        + @"(?<path>[^?#]*)(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Reference();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex BadEscape();
}
