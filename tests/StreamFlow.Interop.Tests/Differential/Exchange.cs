using StreamFlow.Protocol;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>A request that both brokers get.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Version">The version it is sent in.</param>
/// <param name="RequestAfter">What is sent; made anew for each broker, from what this broker answered before, by the exchanges' names.</param>
internal sealed record Exchange(string Name, short Version, Func<IReadOnlyDictionary<string, IResponse>, IRequest> RequestAfter)
{
    /// <summary>A request that depends on nothing before it.</summary>
    public Exchange(string name, short version, Func<IRequest> request)
        : this(name, version, _ => request())
    {
    }

    /// <summary>Whether it is sent again until the broker's coordinators have come up.</summary>
    public bool IsRepeated { get; init; }

    public override string ToString() => $"{Name} (v{Version})";
}
