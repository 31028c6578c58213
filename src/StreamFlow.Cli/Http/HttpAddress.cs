using System.Globalization;
using System.Net;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Http;

/// <summary>Reads the <c>HOST:PORT</c> of an <c>--http</c> option.</summary>
internal static class HttpAddress
{
    /// <exception cref="UsageException">It is not an address.</exception>
    public static (string Host, int Port) Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > IPEndPoint.MaxPort)
        {
            throw new UsageException($"--http {text}: expected HOST:PORT, such as 127.0.0.1:8080; port 0 takes a free one");
        }

        return (text[..colon], port);
    }
}
