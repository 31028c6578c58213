using StreamFlow.Protocol;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>A request that both brokers get.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Version">The version it is sent in.</param>
/// <param name="Request">What is sent; made anew for each broker.</param>
internal sealed record Exchange(string Name, short Version, Func<IRequest> Request)
{
    public override string ToString() => $"{Name} (v{Version})";
}
