using System.Net;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions over URLs (section 17.8 of the language reference); parts come back decoded, absent parts as null.</summary>
public static class UrlFunctions
{
    private const string Category = "URL";

    /// <summary>Form-decodes a text: <c>+</c> is a space, <c>%XX</c> a byte.</summary>
    [SqlFunction("URL_DECODE_PARAM", Category = Category, Description = "Form-decodes a text.")]
    public static string UrlDecodeParam(string text) => WebUtility.UrlDecode(text);

    /// <summary>Form-encodes a text: a space becomes <c>+</c>.</summary>
    [SqlFunction("URL_ENCODE_PARAM", Category = Category, Description = "Form-encodes a text.")]
    public static string UrlEncodeParam(string text) =>
        WebUtility.UrlEncode(text).Replace("!", "%21", StringComparison.Ordinal)
            .Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);

    /// <summary>What follows the <c>#</c>.</summary>
    [SqlFunction("URL_EXTRACT_FRAGMENT", Category = Category, Description = "The fragment of a URL.")]
    public static string? UrlExtractFragment(string url) => Decode(UrlParts.Parse(url).Fragment);

    /// <summary>The host name.</summary>
    [SqlFunction("URL_EXTRACT_HOST", Category = Category, Description = "The host of a URL.")]
    public static string? UrlExtractHost(string url) => UrlParts.Parse(url).Host;

    /// <summary>The value of a query parameter; empty when it stands without <c>=</c>.</summary>
    [SqlFunction("URL_EXTRACT_PARAMETER", Category = Category, Description = "The value of a query parameter of a URL.")]
    public static string? UrlExtractParameter(string url, string name)
    {
        foreach (var pair in (UrlParts.Parse(url).Query ?? string.Empty).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (Decode(equals < 0 ? pair : pair[..equals]) == name)
            {
                return equals < 0 ? string.Empty : Decode(pair[(equals + 1)..]);
            }
        }

        return null;
    }

    /// <summary>The path; empty when there is none.</summary>
    [SqlFunction("URL_EXTRACT_PATH", Category = Category, Description = "The path of a URL.")]
    public static string? UrlExtractPath(string url) => Decode(UrlParts.Parse(url).Path);

    /// <summary>The port, when it is written.</summary>
    [SqlFunction("URL_EXTRACT_PORT", Category = Category, Description = "The port of a URL.")]
    public static int? UrlExtractPort(string url) => UrlParts.Parse(url).Port;

    /// <summary>The protocol (scheme).</summary>
    [SqlFunction("URL_EXTRACT_PROTOCOL", Category = Category, Description = "The protocol of a URL.")]
    public static string? UrlExtractProtocol(string url) => UrlParts.Parse(url).Scheme;

    /// <summary>What stands between <c>?</c> and <c>#</c>.</summary>
    [SqlFunction("URL_EXTRACT_QUERY", Category = Category, Description = "The query of a URL.")]
    public static string? UrlExtractQuery(string url) => Decode(UrlParts.Parse(url).Query);

    private static string? Decode(string? part) => part is null ? null : Uri.UnescapeDataString(part);
}
