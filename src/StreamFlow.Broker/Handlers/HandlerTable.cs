using System.Collections.Frozen;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Handlers;

/// <summary>The APIs that are served, by key.</summary>
internal sealed class HandlerTable
{
    private readonly FrozenDictionary<ApiKey, IRequestHandler> _handlers;

    /// <summary>Makes the table.</summary>
    /// <param name="make">Gets the table itself, which the handler of ApiVersions answers from, and gives the handlers.</param>
    public HandlerTable(Func<HandlerTable, IEnumerable<IRequestHandler>> make)
    {
        _handlers = make(this).ToFrozenDictionary(h => h.ApiKey);
        Served = [.. _handlers.Values.Select(RangeOf).OrderBy(r => r.Key)];
    }

    /// <summary>The versions served of each API, by key.</summary>
    public IReadOnlyList<ApiVersionRange> Served { get; }

    /// <summary>The handler of an API, or null when it is not served.</summary>
    public IRequestHandler? Find(ApiKey key) => _handlers.GetValueOrDefault(key);

    private static ApiVersionRange RangeOf(IRequestHandler handler)
    {
        var range = ApiVersions.Of(handler.ApiKey);
        return handler.HighestVersion is { } highest ? range with { HighestOffered = Math.Min(highest, range.HighestOffered) } : range;
    }
}
