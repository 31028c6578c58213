using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Security;

/// <summary>
/// Counts connections, of the broker, of listeners and of addresses (<c>max.connections</c>, <c>max.connections.per.ip</c>). Thread safe.
/// </summary>
internal sealed class ConnectionLimits
{
    private readonly int _most;
    private readonly int _perAddress;
    private readonly FrozenDictionary<IPAddress, int> _overrides;
    private readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    private readonly ConcurrentDictionary<Listener, int> _byListener = new();
    private int _count;

    /// <summary>Reads the limits.</summary>
    /// <exception cref="ConfigurationException">An override cannot be read.</exception>
    public ConnectionLimits(BrokerOptions options)
    {
        _most = options.Security.MaxConnections;
        _perAddress = options.MaxConnectionsPerIp;
        _overrides = options.MaxConnectionsPerIpOverrides.Select(Parse).ToFrozenDictionary();
    }

    /// <summary>Takes a place for a connection.</summary>
    /// <returns>Why there is none, or null.</returns>
    public string? TryOpen(Listener listener, IPAddress address)
    {
        var all = Interlocked.Increment(ref _count);
        var here = _byListener.AddOrUpdate(listener, 1, static (_, n) => n + 1);
        var from = _byAddress.AddOrUpdate(address, 1, static (_, n) => n + 1);
        var limit = _overrides.GetValueOrDefault(address, _perAddress);
        var reason = all > _most ? $"the broker has {all - 1} connections (max.connections)"
            : here > listener.Security.MaxConnections
                ? $"listener {listener.Name} has {here - 1} connections (listener.name.{listener.Name.ToLowerInvariant()}.max.connections)"
            : from > limit ? $"the address has {from - 1} connections (max.connections.per.ip)"
            : null;
        if (reason is not null)
        {
            Close(listener, address);
        }

        return reason;
    }

    /// <summary>Gives the place back.</summary>
    public void Close(Listener listener, IPAddress address)
    {
        Interlocked.Decrement(ref _count);
        _byListener.AddOrUpdate(listener, 0, static (_, n) => n - 1);
        if (_byAddress.AddOrUpdate(address, 0, static (_, n) => n - 1) == 0)
        {
            _byAddress.TryRemove(KeyValuePair.Create(address, 0));
        }
    }

    private static KeyValuePair<IPAddress, int> Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && IPAddress.TryParse(text.AsSpan(0, colon), out var address)
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? KeyValuePair.Create(address, limit)
            : throw new ConfigurationException($"max.connections.per.ip.overrides: '{text}' is not ADDRESS:LIMIT");
    }
}
