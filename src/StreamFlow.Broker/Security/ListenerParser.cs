using System.Collections.Immutable;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security;

/// <summary>Reads <c>listeners</c>, <c>advertised.listeners</c> and <c>listener.security.protocol.map</c>.</summary>
internal static class ListenerParser
{
    private const string DefaultName = "PLAINTEXT";

    /// <summary>The listeners in their order.</summary>
    /// <exception cref="ConfigurationException">They cannot be read or contradict each other.</exception>
    public static ImmutableArray<Listener> Parse(BrokerOptions options)
    {
        var protocols = ParseProtocols(options.ListenerProtocols);
        var listeners = options.Listeners.Select(l => Parse(l, protocols, options)).ToList();
        foreach (var name in listeners.Where(l => l.Name != DefaultName).GroupBy(l => l.Name).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            throw new ConfigurationException($"listeners: the name {name} is used twice; name each listener differently");
        }

        ListenerSecurity.Check(options, [.. listeners.Select(l => l.Name)]);
        foreach (var text in options.AdvertisedListeners)
        {
            var (name, host, port) = Split(text);
            var i = listeners.FindIndex(l => l.Name == (name ?? listeners[0].Name));
            if (i < 0)
            {
                throw new ConfigurationException($"advertised.listeners: '{text}' names no listener; there are "
                    + string.Join(", ", listeners.Select(l => l.Name)));
            }

            listeners[i] = listeners[i] with { Advertised = (host, port) };
        }

        return [.. listeners];
    }

    private static Listener Parse(string text, Dictionary<string, SecurityProtocol> protocols, BrokerOptions options)
    {
        var (name, host, port) = Split(text);
        name ??= DefaultName;
        if (!protocols.TryGetValue(name, out var protocol) && !SecurityProtocols.TryParse(name, out protocol))
        {
            throw new ConfigurationException(
                $"listeners: nothing says how {name} is protected; add it to listener.security.protocol.map as {name}:PROTOCOL, "
                    + $"with one of {SecurityProtocols.Names}");
        }

        return new Listener(name, protocol, host, port, ListenerSecurity.Of(options, name));
    }

    private static Dictionary<string, SecurityProtocol> ParseProtocols(ImmutableArray<string> map)
    {
        var protocols = new Dictionary<string, SecurityProtocol>(StringComparer.Ordinal);
        foreach (var entry in map)
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !SecurityProtocols.TryParse(entry[(colon + 1)..].Trim(), out var protocol))
            {
                throw new ConfigurationException(
                    $"listener.security.protocol.map: '{entry}' is not NAME:PROTOCOL; protocols are {SecurityProtocols.Names}");
            }

            protocols[entry[..colon].Trim().ToUpperInvariant()] = protocol;
        }

        return protocols;
    }

    /// <summary>Splits <c>NAME://host:port</c>; the name is null when it is missing.</summary>
    private static (string? Name, string Host, int Port) Split(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var name = scheme < 0 ? null : text[..scheme].Trim().ToUpperInvariant();
        var address = scheme < 0 ? text : text[(scheme + 3)..];
        var colon = address.LastIndexOf(':');
        return colon >= 0 && ushort.TryParse(address.AsSpan(colon + 1), out var port)
            ? (name, address[..colon].Trim('[', ']'), port)
            : throw new ConfigurationException($"'{text}' is not an address; write host:port, such as 127.0.0.1:9092");
    }
}
