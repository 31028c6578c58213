using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security;

/// <summary>One place where the broker listens.</summary>
/// <param name="Name">Its name in upper case; unique unless it is PLAINTEXT by default.</param>
/// <param name="Protocol">How its connections are protected.</param>
/// <param name="Host">The address to listen on; empty for every one.</param>
/// <param name="Port">The port; 0 takes a free one.</param>
/// <param name="Security">Its settings.</param>
internal sealed record Listener(string Name, SecurityProtocol Protocol, string Host, int Port, SecurityOptions Security)
{
    /// <summary>What clients are told; null for where it listens.</summary>
    public (string Host, int Port)? Advertised { get; init; }
}
